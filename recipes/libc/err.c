/* err and its like, and the program's name, which they print: asked for when it is first needed, since a `main` without
 * parameters never learns it. */

#include <err.h>
#include <errno.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <wasi/api.h>

extern char *__progname, *__progname_full;

static const char *program(void) {
    __wasi_size_t count, size;
    if (__progname == NULL && __wasi_args_sizes_get(&count, &size) == 0 && count != 0) {
        char **all = malloc(count * sizeof *all), *text = malloc(size);
        if (all != NULL && text != NULL && __wasi_args_get((uint8_t **)all, (uint8_t *)text) == 0) {
            __progname_full = text; /* for as long as the process lives */
            __progname = strrchr(text, '/') != NULL ? strrchr(text, '/') + 1 : text;
        }
        free(all);
    }
    return __progname != NULL ? __progname : "";
}

static void say(const char *format, va_list arguments, const char *error) {
    fprintf(stderr, "%s: ", program());
    if (format != NULL)
        vfprintf(stderr, format, arguments);
    if (error != NULL)
        fprintf(stderr, "%s%s", format != NULL ? ": " : "", error);
    putc('\n', stderr);
}

void vwarn(const char *format, va_list arguments) { say(format, arguments, strerror(errno)); }
void vwarnx(const char *format, va_list arguments) { say(format, arguments, NULL); }

_Noreturn void verr(int status, const char *format, va_list arguments) {
    vwarn(format, arguments);
    exit(status);
}

_Noreturn void verrx(int status, const char *format, va_list arguments) {
    vwarnx(format, arguments);
    exit(status);
}

void warn(const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    vwarn(format, arguments);
    va_end(arguments);
}

void warnx(const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    vwarnx(format, arguments);
    va_end(arguments);
}

_Noreturn void err(int status, const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    verr(status, format, arguments);
}

_Noreturn void errx(int status, const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    verrx(status, format, arguments);
}
