#include <stdio.h>
int two_data = 7;
__attribute__((constructor)) static void comes(void) { puts("two comes"); two_data++; }
__attribute__((destructor)) static void goes(void) { puts("two goes"); }
int two(void) { return two_data; }
int unused_two(void) { return two_data + 1; }
