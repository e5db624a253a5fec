#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <semaphore.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

static int failures;
#define CHECK(condition) (void)((condition) || (failures++, printf("line %d: %s: %s\n", __LINE__, #condition, strerror(errno))))

int main(void) {
    sem_t sem;
    int value;
    CHECK(sem_init(&sem, 0, (unsigned)SEM_VALUE_MAX + 1) == -1 && errno == EINVAL);
    CHECK(sem_init(&sem, 0, 1) == 0 && sem_wait(&sem) == 0);
    CHECK(sem_trywait(&sem) == -1 && errno == EAGAIN);
    CHECK(sem_wait(&sem) == -1 && errno == EDEADLK);
    CHECK(sem_timedwait(&sem, &(struct timespec){1, 0}) == -1 && errno == ETIMEDOUT);
    CHECK(sem_timedwait(&sem, &(struct timespec){1, -1}) == -1 && errno == EINVAL);
    CHECK(sem_post(&sem) == 0 && sem_post(&sem) == 0 && sem_getvalue(&sem, &value) == 0 && value == 2);
    CHECK(sem_timedwait(&sem, &(struct timespec){1, 0}) == 0 && sem_getvalue(&sem, &value) == 0 && value == 1);
    CHECK(sem_destroy(&sem) == 0);
    CHECK(sem_init(&sem, 0, SEM_VALUE_MAX) == 0 && sem_post(&sem) == -1 && errno == EOVERFLOW);

    CHECK(sem_open("/one", 0) == SEM_FAILED && errno == ENOENT);
    CHECK(sem_open("/a/b", O_CREAT, 0600, 0) == SEM_FAILED && sem_open("/", O_CREAT, 0600, 0) == SEM_FAILED);
    sem_t *one = sem_open("/one", O_CREAT, 0600, 3), *same = sem_open("/one", O_CREAT, 0600, 9);
    CHECK(one != SEM_FAILED && one == same && sem_getvalue(one, &value) == 0 && value == 3);
    CHECK(sem_open("/one", O_CREAT | O_EXCL, 0600, 1) == SEM_FAILED && errno == EEXIST);
    CHECK(sem_close(same) == 0 && sem_wait(one) == 0);
    CHECK(sem_unlink("/one") == 0 && sem_unlink("/one") == -1 && errno == ENOENT);
    CHECK(sem_post(one) == 0 && sem_getvalue(one, &value) == 0 && value == 3);
    sem_t *other = sem_open("/one", O_CREAT | O_EXCL, 0600, 5);
    CHECK(other != one && sem_getvalue(other, &value) == 0 && value == 5);
    CHECK(sem_close(one) == 0 && sem_unlink("/one") == 0 && sem_close(other) == 0);
    printf("%d failures\n", failures);
    return 0;
}
