#include <stdio.h>
int within(void *, unsigned long *size);
int main(void) {
    int local;
    static int elsewhere;
    unsigned long size = 0;
    printf("%d", within(&local, &size));
    printf(" %lu", size);
    printf(" %d\n", within(&elsewhere, &size));
    return 0;
}
