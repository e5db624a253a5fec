#include <stdio.h>
int three(void);
extern int three_data;
__attribute__((constructor)) static void comes(void) { printf("plug comes after %d\n", three_data); }
int plug(void) { return 10 * three(); }
