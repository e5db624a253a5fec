static int data = 10, zero[1000];
static int *where = &data;
const char *text = "text";
int next(void) { return ++*where + ++zero[500]; }

#include <stdio.h>
__attribute__((constructor)) static void in(void) { puts("it comes"); }
__attribute__((destructor)) static void out(void) { puts("it goes"); }
