#include <stdio.h>
#include <stdlib.h>
#include <string.h>
static char pool[1000];
static size_t used;
void *my_malloc(size_t size) {
    void *memory = pool + used;
    used += (size + 15) & ~15u;
    return memory;
}
void my_free(void *memory) {
    if (memory < (void *)pool || memory >= (void *)(pool + sizeof pool))
        puts("not mine");
}
int main(void) {
    my_free(my_malloc(5));
    free(strdup("libc's"));
    puts("each has its own");
    return 0;
}
