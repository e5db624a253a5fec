/* What upstream's tests ask of the system, and WASI has not: other programs, owners, permissions; and locales of another
   encoding than UTF-8, of which libc takes the names and nothing else. */
#define _WASI_EMULATED_SIGNAL
#include <locale.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static inline char *ours_setlocale(int category, const char *name) {
    int there = name == NULL || name[0] == 0 || strcmp(name, "C") == 0 || strstr(name, "UTF-8") != NULL;
    return there ? setlocale(category, name) : NULL;
}
#define setlocale ours_setlocale
#define system(command) ((void)(command), -1)
#define chown(path, user, group) ((void)(path), -1)
#define fchown(file, user, group) ((void)(file), -1)
#define chmod(path, mode) ((void)(path), 0)
#define fchmod(file, mode) ((void)(file), 0)
