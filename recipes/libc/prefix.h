/* Before each source: what musl's and wasi-libc's files have from private headers, whose two sets cannot both come first.
 * Nothing here may include features.h, since sources choose their features after it. */

#include <_/cdefs.h>
#include <__typedef_off_t.h>

int clearenv(void);
int getentropy(void *, __SIZE_TYPE__);
unsigned inet_addr(const char *);
void *__libc_malloc(__SIZE_TYPE__);
void __libc_free(void *);

/* compiler-rt has functions of these names with other types. */
#define __cosl __libm_cosl
#define __sinl __libm_sinl
