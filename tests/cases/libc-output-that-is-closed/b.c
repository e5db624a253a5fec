#include <stdio.h>
int print_much(void) {
    int result = 0;
    for (int i = 0; i < 1000 && result >= 0; i++)
        result = printf("%0100d\n", i);
    return result;
}
