#include <stdio.h>
#include <stdlib.h>
void enlist(void);
static void one(void) { puts("one"); }
static void two(void) { puts("two"); }
int main(void) { atexit(one); enlist(); atexit(two); puts("main"); return 0; }
