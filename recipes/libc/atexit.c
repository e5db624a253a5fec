/* What runs at the end: of the process, in reverse order, and of a library that dlclose unloads. In the place of libc's
 * own, which knows nothing of unloading and would call functions that are gone. */

#include <stdint.h>
#include <stdlib.h>

struct handler {
    void (*function)(void *);
    void *argument;
    void *library; /* the `__dso_handle` of who registered it, in its data; NULL from atexit */
    int plain;     /* registered by atexit: a function without a parameter */
};

static struct handler *handlers;
static size_t count, room;

static int add(struct handler handler) {
    if (count == room) {
        size_t wanted = room != 0 ? 2 * room : 32;
        struct handler *more = realloc(handlers, wanted * sizeof *more);
        if (more == NULL)
            return -1;
        handlers = more;
        room = wanted;
    }
    handlers[count++] = handler;
    return 0;
}

int __cxa_atexit(void (*function)(void *), void *argument, void *library) {
    return add((struct handler){function, argument, library, 0});
}

int atexit(void (*function)(void)) {
    return add((struct handler){(void (*)(void *))(uintptr_t)function, NULL, NULL, 1});
}

static void call(struct handler handler) {
    if (handler.plain)
        ((void (*)(void))(uintptr_t)handler.function)();
    else
        handler.function(handler.argument);
}

/* One by one from the end: a handler may register others, and those run next. */
void __funcs_on_exit(void) {
    while (count != 0)
        call(handlers[--count]);
}

/* Run and forget the handlers of one library: registered with a handle in its data, or by atexit with one of its
 * functions, which are entries of the table. The loader calls this before it takes the library away. */
void __wasmbuild_finalize(uintptr_t data, uintptr_t data_end, uintptr_t entries, uintptr_t entries_end) {
    for (size_t i = count; i-- != 0;) {
        struct handler handler = handlers[i];
        uintptr_t library = (uintptr_t)handler.library, function = (uintptr_t)handler.function;
        int ours = library != 0 ? library >= data && library < data_end : function >= entries && function < entries_end;
        if (!ours)
            continue;
        for (size_t k = i + 1; k < count; k++)
            handlers[k - 1] = handlers[k];
        count--;
        call(handler);
        if (i > count)
            i = count;
    }
}

/* C++'s own way to ask for the same: the loader does it. */
void __cxa_finalize(void *library) {
    (void)library;
}
