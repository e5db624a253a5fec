#include <stdlib.h>
#include <string.h>
int main(void) {
    free(strdup("libc's"));
    return 0;
}
