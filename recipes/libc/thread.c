/* The one thread of a process: what musl's functions expect to find in its description, made before all constructors. */

#include "libc.h"
#include "pthread_impl.h"

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
