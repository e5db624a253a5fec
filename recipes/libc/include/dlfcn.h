/* dlopen and its like, and dladdr, which POSIX has since 2024. The numbers are wasi-libc's. */
#ifndef _DLFCN_H
#define _DLFCN_H

#ifdef __cplusplus
extern "C" {
#endif

#define RTLD_LAZY 1
#define RTLD_NOW 2
#define RTLD_NOLOAD 4
#define RTLD_LOCAL 8
#define RTLD_GLOBAL 256
#define RTLD_NODELETE 4096

#define RTLD_NEXT ((void *)-1)
#define RTLD_DEFAULT ((void *)0)

typedef struct {
    const char *dli_fname; /* the library's file name */
    void *dli_fbase;       /* where its data begins */
    const char *dli_sname; /* the nearest exported symbol at or below the address, or NULL */
    void *dli_saddr;       /* that symbol's address */
} Dl_info;

void *dlopen(const char *, int);
void *dlsym(void *__restrict, const char *__restrict);
int dlclose(void *);
char *dlerror(void);

/* Functions are indexes of the process's table and data are addresses in its memory: a number that is no address in
 * the data of a library is taken for a function. */
int dladdr(const void *, Dl_info *);

#ifdef __cplusplus
}
#endif

#endif
