/* C11's names for POSIX's threads, of which there is one. */

#include "pthread_impl.h"

#include <stdlib.h>
#include <threads.h>

void __pthread_tsd_run_dtors(void);

static int result(int error) {
    switch (error) {
    case 0:
        return thrd_success;
    case EBUSY:
        return thrd_busy;
    case ETIMEDOUT:
        return thrd_timedout;
    case ENOMEM:
        return thrd_nomem;
    default:
        return thrd_error;
    }
}

int thrd_create(thrd_t *thread, thrd_start_t start, void *argument) { return thrd_error; }
int thrd_join(thrd_t thread, int *status) { return thrd_error; } /* there is no other */
void thrd_yield(void) { sched_yield(); }

/* The last thread ends, and with it the process. */
_Noreturn void thrd_exit(int status) {
    pthread_t self = __pthread_self();
    while (self->cancelbuf != NULL) {
        struct __ptcb *handler = self->cancelbuf;
        self->cancelbuf = handler->__next;
        handler->__f(handler->__x);
    }
    if (self->tsd != NULL)
        __pthread_tsd_run_dtors();
    exit(EXIT_SUCCESS);
}

void call_once(once_flag *flag, void (*function)(void)) { pthread_once(flag, function); }

int mtx_init(mtx_t *mutex, int type) {
    *(pthread_mutex_t *)mutex = (pthread_mutex_t)PTHREAD_MUTEX_INITIALIZER;
    ((pthread_mutex_t *)mutex)->_m_type = (type & mtx_recursive) != 0 ? PTHREAD_MUTEX_RECURSIVE : PTHREAD_MUTEX_NORMAL;
    return thrd_success;
}

void mtx_destroy(mtx_t *mutex) {}
int mtx_lock(mtx_t *mutex) { return result(pthread_mutex_lock((pthread_mutex_t *)mutex)); }
int mtx_trylock(mtx_t *mutex) { return result(pthread_mutex_trylock((pthread_mutex_t *)mutex)); }
int mtx_unlock(mtx_t *mutex) { return result(pthread_mutex_unlock((pthread_mutex_t *)mutex)); }

int mtx_timedlock(mtx_t *restrict mutex, const struct timespec *restrict until) {
    int error = pthread_mutex_trylock((pthread_mutex_t *)mutex);
    if (error == EBUSY && (error = clock_nanosleep(CLOCK_REALTIME, TIMER_ABSTIME, until, NULL)) == 0)
        error = ETIMEDOUT; /* nobody else could have unlocked it */
    return result(error);
}

int cnd_init(cnd_t *condition) {
    *(pthread_cond_t *)condition = (pthread_cond_t)PTHREAD_COND_INITIALIZER;
    return thrd_success;
}

void cnd_destroy(cnd_t *condition) {}
int cnd_signal(cnd_t *condition) { return thrd_success; }
int cnd_broadcast(cnd_t *condition) { return thrd_success; }

int cnd_wait(cnd_t *condition, mtx_t *mutex) {
    return result(pthread_cond_wait((pthread_cond_t *)condition, (pthread_mutex_t *)mutex));
}

int cnd_timedwait(cnd_t *restrict condition, mtx_t *restrict mutex, const struct timespec *restrict until) {
    return result(pthread_cond_timedwait((pthread_cond_t *)condition, (pthread_mutex_t *)mutex, until));
}

int tss_create(tss_t *key, tss_dtor_t destructor) { return result(pthread_key_create(key, destructor)); }
void tss_delete(tss_t key) { pthread_key_delete(key); }
int tss_set(tss_t key, void *value) { return result(pthread_setspecific(key, value)); }
