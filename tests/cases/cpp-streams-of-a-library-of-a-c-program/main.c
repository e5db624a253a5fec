#include <stdio.h>
void greet(const char *name, int times);
int main(void) {
    printf("in C\n");
    fflush(stdout);
    greet("you", 255);
    printf("in C again\n");
    return 0;
}
