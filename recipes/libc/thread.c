/* The one thread of a process: what musl's functions expect to find in its description, made before all constructors. */

#include "libc.h"
#include "pthread_impl.h"

#include <errno.h>
#include <string.h>

/* The loader supplies these for the process. With `link: static`, wasm-ld does, if it puts the stack first. */
extern char __stack_low[] __attribute__((__weak__));
extern char __stack_high[] __attribute__((__weak__));

__attribute__((constructor(1))) static void describe(void) {
    pthread_t self = __pthread_self();
    self->self = self->prev = self->next = self;
    self->detach_state = DT_JOINABLE;
    self->tid = 1;
    self->locale = &libc.global_locale;
    self->robust_list.head = &self->robust_list.head;
    self->stack = __stack_high;
    self->stack_size = (size_t)(__stack_high - __stack_low);
}

int pthread_getattr_np(pthread_t thread, pthread_attr_t *attributes) {
    *attributes = (pthread_attr_t){0};
    attributes->_a_detach = thread->detach_state >= DT_DETACHED;
    attributes->_a_stackaddr = (uintptr_t)thread->stack;
    attributes->_a_stacksize = thread->stack_size;
    return 0;
}

static char name[16];

int pthread_setname_np(pthread_t thread, const char *wanted) {
    if (strnlen(wanted, sizeof name) == sizeof name)
        return ERANGE;
    strcpy(name, wanted);
    return 0;
}

int pthread_getname_np(pthread_t thread, char *text, size_t size) {
    if (size <= strlen(name))
        return ERANGE;
    strcpy(text, name);
    return 0;
}

/* There is no fork that these would have to be kept for. */
int pthread_atfork(void (*before)(void), void (*parent)(void), void (*child)(void)) { return 0; }
