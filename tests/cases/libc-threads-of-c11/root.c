#include <stdio.h>
#include <stdlib.h>
#include <threads.h>
#include <time.h>

static int calls;
static void count(void) { calls++; }
static void destroy(void *value) { printf("destroyed %s\n", (char *)value); }
static void at_exit(void) { printf("at exit\n"); }
static int nothing(void *argument) { return 0; }

int main(void) {
    static once_flag flag = ONCE_FLAG_INIT;
    call_once(&flag, count);
    call_once(&flag, count);
    mtx_t plain, recursive;
    printf("%d %d %d\n", calls, mtx_init(&plain, mtx_plain), mtx_init(&recursive, mtx_timed | mtx_recursive));
    printf("plain: %d", mtx_lock(&plain));
    printf(" %d", mtx_trylock(&plain) == thrd_busy);
    printf(" %d", mtx_timedlock(&plain, &(struct timespec){1, 0}) == thrd_timedout);
    printf(" %d\n", mtx_unlock(&plain));
    printf("recursive: %d", mtx_lock(&recursive));
    printf(" %d %d", mtx_lock(&recursive), mtx_trylock(&recursive));
    printf(" %d %d %d\n", mtx_unlock(&recursive), mtx_unlock(&recursive), mtx_unlock(&recursive));
    cnd_t condition;
    mtx_lock(&plain);
    printf("condition: %d", cnd_init(&condition));
    printf(" %d %d", cnd_signal(&condition), cnd_broadcast(&condition));
    printf(" %d\n", cnd_timedwait(&condition, &plain, &(struct timespec){1, 0}) == thrd_timedout);
    mtx_unlock(&plain);
    cnd_destroy(&condition), mtx_destroy(&plain), mtx_destroy(&recursive);
    tss_t key;
    printf("key: %d %d", tss_create(&key, destroy), tss_get(key) == NULL);
    printf(" %d %s\n", tss_set(key, "value"), (char *)tss_get(key));
    thrd_t thread;
    printf("another thread: %d\n", thrd_create(&thread, nothing, NULL) == thrd_error);
    thrd_yield();
    printf("self: %d, sleep: %d\n", thrd_equal(thrd_current(), thrd_current()) != 0, thrd_sleep(&(struct timespec){0, 1000}, NULL));
    atexit(at_exit);
    thrd_exit(3);
}
