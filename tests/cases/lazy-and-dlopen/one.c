#include <stdio.h>
int one_data = 7;
__attribute__((constructor)) static void comes(void) { puts("one comes"); one_data++; }
__attribute__((destructor)) static void goes(void) { puts("one goes"); }
int one(void) { return one_data; }
int unused_one(void) { return one_data + 1; }
