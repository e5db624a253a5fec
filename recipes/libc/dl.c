/* The dlopen family. The loader does the work; a module's own calls of dlopen and dlsym it answers directly, because it
 * must know who asks. What comes through here is calls through pointers, whose caller counts as the program. */

#include <dlfcn.h>
#include <stdlib.h>
#include <string.h>

#define LOADER(name) __attribute__((import_module("wasmbuild"), import_name(#name)))

LOADER(dlopen) void *__wasmbuild_dlopen(const char *name, int flags);
LOADER(dlsym) void *__wasmbuild_dlsym(void *handle, const char *name);
LOADER(dlclose) int __wasmbuild_dlclose(void *handle);
/* Put the pending message into `text` and forget it; 0 if there is none. */
LOADER(dlerror) int __wasmbuild_dlerror(char *text, size_t size);
/* Put the names for an address into `file` and `symbol` and the addresses into `found`; 0 if there is none. */
LOADER(dladdr) int __wasmbuild_dladdr(const void *address, char *file, char *symbol, size_t size, void **found);

enum { TEXT_SIZE = 4096 };

void *dlopen(const char *name, int flags) {
    return __wasmbuild_dlopen(name, flags);
}

void *dlsym(void *restrict handle, const char *restrict name) {
    return __wasmbuild_dlsym(handle, name);
}

int dlclose(void *handle) {
    return __wasmbuild_dlclose(handle);
}

char *dlerror(void) {
    static char text[TEXT_SIZE];
    return __wasmbuild_dlerror(text, sizeof text) ? text : NULL;
}

/* A copy of `text` that stays valid: one for each distinct name that dladdr ever gave out. */
static const char *interned(const char *text) {
    static struct name {
        struct name *next;
        char text[];
    } *names;
    for (struct name *name = names; name != NULL; name = name->next)
        if (strcmp(name->text, text) == 0)
            return name->text;
    struct name *name = malloc(sizeof *name + strlen(text) + 1);
    if (name == NULL)
        return NULL;
    strcpy(name->text, text);
    name->next = names;
    names = name;
    return name->text;
}

int dladdr(const void *address, Dl_info *info) {
    static char file[TEXT_SIZE], symbol[TEXT_SIZE];
    void *found[2]; /* the library's base, the symbol's address */
    if (!__wasmbuild_dladdr(address, file, symbol, TEXT_SIZE, found))
        return 0;
    info->dli_fname = interned(file);
    info->dli_fbase = found[0];
    info->dli_sname = symbol[0] != '\0' ? interned(symbol) : NULL;
    info->dli_saddr = symbol[0] != '\0' ? found[1] : NULL;
    return info->dli_fname != NULL;
}
