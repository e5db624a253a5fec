#include <stdio.h>
int three_data = 7;
__attribute__((constructor)) static void comes(void) { puts("three comes"); three_data++; }
__attribute__((destructor)) static void goes(void) { puts("three goes"); }
int three(void) { return three_data; }
int unused_three(void) { return three_data + 1; }
