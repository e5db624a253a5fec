#include <stdlib.h>
static int *value;
__attribute__((constructor)) static void begin(void) { value = malloc(sizeof *value); *value = 8; }
int get(void) { return *value; }
