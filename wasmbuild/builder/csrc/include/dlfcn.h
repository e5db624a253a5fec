/* libc's own header, and dladdr, which POSIX has since 2024 and wasi-libc hides. */
#include_next <dlfcn.h>

#ifndef WASMBUILD_DLFCN_H
#define WASMBUILD_DLFCN_H

#ifdef __cplusplus
extern "C" {
#endif

typedef struct {
    const char *dli_fname; /* the library's file name */
    void *dli_fbase;       /* where its data begins */
    const char *dli_sname; /* the nearest exported symbol at or below the address, or NULL */
    void *dli_saddr;       /* that symbol's address */
} Dl_info;

/* Functions are indexes of the process's table and data are addresses in its memory: a number that is no address in
 * the data of a library is taken for a function. */
int dladdr(const void *address, Dl_info *info);

#ifdef __cplusplus
}
#endif

#endif
