// What the tests of HarfBuzz use of GLib: tests that run one after the other, and assertions that end the process.
#ifndef GLIB_H
#define GLIB_H

#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef char gchar;
typedef int gint;
typedef int gboolean;
typedef unsigned guint;
typedef size_t gsize;
typedef uint32_t gunichar;
typedef void *gpointer;
typedef const void *gconstpointer;
typedef void (*GTestFunc)(void);
typedef void (*GTestDataFunc)(gconstpointer data);
typedef void (*GTestFixtureFunc)(gpointer fixture, gconstpointer data);

#define GLIB_CHECK_VERSION(major, minor, micro) 1
#define G_GNUC_UNUSED __attribute__((unused))
#define G_PASTE_(a, b) a##b
#define G_PASTE(a, b) G_PASTE_(a, b)
#define G_STMT_START do
#define G_STMT_END while (0)
#define FALSE 0
#define TRUE 1
#define G_N_ELEMENTS(array) (sizeof(array) / sizeof((array)[0]))
#define GINT_TO_POINTER(number) ((gpointer)(intptr_t)(number))
#define GUINT_TO_POINTER(number) ((gpointer)(uintptr_t)(number))
#define GPOINTER_TO_INT(pointer) ((int)(intptr_t)(pointer))
#define GPOINTER_TO_UINT(pointer) ((unsigned)(uintptr_t)(pointer))

#define g_error(...) (fprintf(stderr, __VA_ARGS__), fputc('\n', stderr), exit(1))
#define g_assert(what) ((what) ? (void)0 : g_error("%s:%d: not so: %s", __FILE__, __LINE__, #what))
#define g_assert_true g_assert
#define g_assert_false(what) g_assert(!(what))
#define g_assert_nonnull(what) g_assert((what) != NULL)
#define g_assert_not_reached() g_assert(0)
#define g_assert_cmp(type, format, a, op, b)                                                                           \
    do {                                                                                                               \
        type left_ = (a), right_ = (b);                                                                                \
        if (!(left_ op right_))                                                                                        \
            g_error("%s:%d: not so: %s %s %s: " format " and " format, __FILE__, __LINE__, #a, #op, #b, left_, right_);  \
    } while (0)
#define g_assert_cmpint(a, op, b) g_assert_cmp(long long, "%lld", a, op, b)
#define g_assert_cmpuint(a, op, b) g_assert_cmp(unsigned long long, "%llu", a, op, b)
#define g_assert_cmphex(a, op, b) g_assert_cmp(unsigned long long, "%llx", a, op, b)
#define g_assert_cmpstr(a, op, b) g_assert(strcmp(a, b) op 0)
#define g_assert_cmpmem(a, a_size, b, b_size) g_assert((a_size) == (b_size) && memcmp(a, b, a_size) == 0)

#define g_free free
#define g_strdup strdup
#define g_strescape(text, but) strdup(text)
#define g_print printf
#define g_test_message(...) (printf(__VA_ARGS__), putchar('\n'))
#define g_test_skip(why) ((void)printf("not tested: %s\n", why))
#define g_test_fail() g_error("failed")
#define g_test_init(...) ((void)0)
#define g_test_bug_base(base) ((void)0)
#define g_test_bug(bug) ((void)0)
#define g_test_build_filename(kind, name, ...) strdup(name)
#define G_TEST_DIST 0

static inline __attribute__((format(printf, 1, 2))) char *g_strdup_printf(const char *format, ...) {
    char *text = NULL;
    va_list arguments;
    va_start(arguments, format);
    if (vasprintf(&text, format, arguments) < 0)
        abort();
    va_end(arguments);
    return text;
}

static int g_tests_run;

static inline int g_test_run(void) {
    printf("%d tests passed\n", g_tests_run);
    return 0;
}

static inline void g_test_add_func(const char *name, GTestFunc test) {
    test();
    ++g_tests_run;
}

static inline void g_test_add_data_func(const char *name, gconstpointer data, GTestDataFunc test) {
    test(data);
    ++g_tests_run;
}

static inline void g_test_add_vtable(const char *name, gsize size, gconstpointer data, GTestFixtureFunc set_up,
                                     GTestFixtureFunc test, GTestFixtureFunc tear_down) {
    gpointer fixture = calloc(1, size);
    set_up(fixture, data);
    test(fixture, data);
    tear_down(fixture, data);
    free(fixture);
    ++g_tests_run;
}

#endif
