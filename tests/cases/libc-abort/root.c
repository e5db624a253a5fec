#include <stdio.h>
void give_up(void);
int main(void) { puts("before"); fflush(stdout); give_up(); puts("after"); return 0; }
