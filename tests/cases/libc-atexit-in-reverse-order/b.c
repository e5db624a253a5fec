#include <stdio.h>
#include <stdlib.h>
static void bye(void) { puts("library"); }
void enlist(void) { atexit(bye); }
