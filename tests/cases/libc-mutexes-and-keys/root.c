#define _GNU_SOURCE
#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

static int calls;
static void count(void) { calls++; }
static void cleaned(void *argument) { printf("cleanup %s\n", (char *)argument); }

static void kind(const char *name, int type) {
    pthread_mutex_t mutex;
    pthread_mutexattr_t attributes;
    int found = -1;
    pthread_mutexattr_init(&attributes);
    pthread_mutexattr_settype(&attributes, type);
    pthread_mutexattr_gettype(&attributes, &found);
    pthread_mutex_init(&mutex, &attributes);
    printf("%s: type %d", name, found == type);
    printf(", lock %s", pthread_mutex_lock(&mutex) == 0 ? "0" : "fails");
    int again = pthread_mutex_trylock(&mutex);
    printf(", trylock %s", again == 0 ? "0" : again == EBUSY ? "EBUSY" : "?");
    if (again == 0)
        printf(", unlock %d", pthread_mutex_unlock(&mutex));
    if (type != PTHREAD_MUTEX_NORMAL) {
        again = pthread_mutex_lock(&mutex);
        printf(", lock %s", again == 0 ? "0" : again == EDEADLK ? "EDEADLK" : "?");
        if (again == 0)
            printf(", unlock %d", pthread_mutex_unlock(&mutex));
    }
    printf(", unlock %d", pthread_mutex_unlock(&mutex));
    int open = pthread_mutex_unlock(&mutex);
    if (type != PTHREAD_MUTEX_NORMAL)
        printf(", unlock %s", open == EPERM ? "EPERM" : "?");
    printf(", destroy %d\n", pthread_mutex_destroy(&mutex));
}

int main(void) {
    kind("normal", PTHREAD_MUTEX_NORMAL);
    kind("recursive", PTHREAD_MUTEX_RECURSIVE);
    kind("errorcheck", PTHREAD_MUTEX_ERRORCHECK);

    pthread_key_t keys[3];
    for (int i = 0; i < 3; i++)
        printf("key %d", pthread_key_create(&keys[i], NULL));
    printf("\n");
    pthread_setspecific(keys[1], &keys);
    printf("specific %d %d\n", pthread_getspecific(keys[1]) == &keys, pthread_getspecific(keys[0]) == NULL);
    printf("delete %d\n", pthread_key_delete(keys[1]));
    pthread_key_t again;
    pthread_key_create(&again, NULL);
    printf("a new key has no value: %d\n", pthread_getspecific(again) == NULL);

    pthread_once_t once = PTHREAD_ONCE_INIT;
    pthread_once(&once, count);
    pthread_once(&once, count);
    printf("once: %d\n", calls);

    pthread_rwlock_t lock = PTHREAD_RWLOCK_INITIALIZER;
    printf("read %d %d, write %d\n", pthread_rwlock_rdlock(&lock), pthread_rwlock_tryrdlock(&lock), pthread_rwlock_trywrlock(&lock) == EBUSY);
    pthread_rwlock_unlock(&lock);
    pthread_rwlock_unlock(&lock);
    printf("write %d, read %d\n", pthread_rwlock_wrlock(&lock), pthread_rwlock_tryrdlock(&lock) == EBUSY);

    pthread_condattr_t attributes;
    clockid_t clock = NULL;
    pthread_condattr_init(&attributes);
    pthread_condattr_getclock(&attributes, &clock);
    printf("clock %d", clock == CLOCK_REALTIME);
    pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
    pthread_condattr_getclock(&attributes, &clock);
    printf(" %d\n", clock == CLOCK_MONOTONIC);
    pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
    pthread_cond_t condition = PTHREAD_COND_INITIALIZER;
    pthread_mutex_lock(&mutex);
    printf("signal %d, broadcast %d", pthread_cond_signal(&condition), pthread_cond_broadcast(&condition));
    printf(", wait until the past %d\n", pthread_cond_timedwait(&condition, &mutex, &(struct timespec){1, 0}) == ETIMEDOUT);

    pthread_t thread;
    printf("another thread: %d\n", pthread_create(&thread, NULL, NULL, NULL) == EAGAIN);
    printf("self %d, name %d %d\n", pthread_equal(pthread_self(), pthread_self()), pthread_setname_np(pthread_self(), "main"), pthread_setname_np(pthread_self(), "longer than fifteen") == ERANGE);
    char name[16];
    pthread_getname_np(pthread_self(), name, sizeof name);
    printf("name %s\n", name);
    pthread_cleanup_push(cleaned, "popped and run");
    pthread_cleanup_pop(1);
    pthread_cleanup_push(cleaned, "not this");
    pthread_cleanup_pop(0);
    return 0;
}
