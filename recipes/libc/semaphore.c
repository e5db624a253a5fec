/* Semaphores, for one thread: nobody else could post, so who would have to wait is told so, EDEADLK, or waits until the
 * time that it named. */

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <semaphore.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static int failed(int error) {
    errno = error;
    return -1;
}

int sem_init(sem_t *sem, int shared, unsigned value) {
    if (value > SEM_VALUE_MAX)
        return failed(EINVAL);
    *sem = (sem_t){{value}};
    return 0;
}

int sem_destroy(sem_t *sem) { return 0; }

int sem_getvalue(sem_t *restrict sem, int *restrict value) {
    *value = sem->__val[0];
    return 0;
}

int sem_post(sem_t *sem) {
    if (sem->__val[0] == SEM_VALUE_MAX)
        return failed(EOVERFLOW);
    sem->__val[0]++;
    return 0;
}

int sem_trywait(sem_t *sem) {
    if (sem->__val[0] == 0)
        return failed(EAGAIN);
    sem->__val[0]--;
    return 0;
}

int sem_wait(sem_t *sem) { return sem->__val[0] == 0 ? failed(EDEADLK) : sem_trywait(sem); }

int sem_timedwait(sem_t *restrict sem, const struct timespec *restrict until) {
    if (sem->__val[0] != 0)
        return sem_trywait(sem);
    if (until->tv_nsec < 0 || until->tv_nsec >= 1000000000)
        return failed(EINVAL);
    int error = clock_nanosleep(CLOCK_REALTIME, TIMER_ABSTIME, until, NULL);
    return failed(error == 0 ? ETIMEDOUT : error);
}

/* Those with names, which are the process's own: nobody outside could see them. */
static struct named {
    sem_t sem; /* the first: sem_close gets its address */
    struct named *next;
    int opened;
    char *name; /* NULL after sem_unlink */
} *all;

static struct named *find(const char *name) {
    struct named *named = all;
    while (named != NULL && (named->name == NULL || strcmp(named->name, name) != 0))
        named = named->next;
    return named;
}

static sem_t *no_semaphore(int error) {
    errno = error;
    return SEM_FAILED;
}

sem_t *sem_open(const char *name, int flags, ...) {
    name += strspn(name, "/");
    if (*name == '\0' || strchr(name, '/') != NULL)
        return no_semaphore(EINVAL);
    struct named *named = find(name);
    if (named != NULL) {
        if ((flags & O_CREAT) != 0 && (flags & O_EXCL) != 0)
            return no_semaphore(EEXIST);
        named->opened++;
        return &named->sem;
    }
    if ((flags & O_CREAT) == 0)
        return no_semaphore(ENOENT);
    va_list arguments;
    va_start(arguments, flags);
    (void)va_arg(arguments, int); /* the mode */
    unsigned value = va_arg(arguments, unsigned);
    va_end(arguments);
    if (value > SEM_VALUE_MAX)
        return no_semaphore(EINVAL);
    named = calloc(1, sizeof *named);
    char *copy = named != NULL ? strdup(name) : NULL;
    if (copy == NULL) {
        free(named);
        return no_semaphore(ENOMEM);
    }
    *named = (struct named){.sem = {{value}}, .next = all, .opened = 1, .name = copy};
    all = named;
    return &named->sem;
}

static void free_if_unused(struct named *named) {
    if (named->opened != 0 || named->name != NULL)
        return;
    struct named **place = &all;
    while (*place != named)
        place = &(*place)->next;
    *place = named->next;
    free(named);
}

int sem_close(sem_t *sem) {
    struct named *named = (struct named *)sem;
    named->opened--;
    free_if_unused(named);
    return 0;
}

int sem_unlink(const char *name) {
    struct named *named = find(name + strspn(name, "/"));
    if (named == NULL)
        return failed(ENOENT);
    free(named->name);
    named->name = NULL;
    free_if_unused(named);
    return 0;
}
