#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { PAGE = 65536, ROUNDS = 20 };

int main(void) {
    static char *pages[ROUNDS], *blocks[ROUNDS];
    int right = 1;
    for (int i = 0; i < ROUNDS; i++) {
        char *end = sbrk(0);
        pages[i] = sbrk(PAGE);
        right &= pages[i] == end && (uintptr_t)end % PAGE == 0 && sbrk(0) == end + PAGE;
        memset(pages[i], i, PAGE);
        blocks[i] = malloc(3 * PAGE / 2);
        memset(blocks[i], 100 + i, 3 * PAGE / 2);
        blocks[i] = realloc(blocks[i], 2 * PAGE);
        memset(blocks[i], 100 + i, 2 * PAGE);
    }
    printf("the break moves: %d\n", right);
    right = 1;
    for (int i = 0; i < ROUNDS; i++) {
        for (int k = 0; k < PAGE; k++)
            right &= pages[i][k] == i;
        for (int k = 0; k < 2 * PAGE; k++)
            right &= blocks[i][k] == 100 + i;
        free(blocks[i]);
    }
    printf("nothing is in two hands: %d\n", right);
    errno = 0;
    printf("a part of a page: %d %d\n", sbrk(100) == (void *)-1, errno == EINVAL);
    errno = 0;
    printf("back: %d %d\n", sbrk(-PAGE) == (void *)-1, errno == EINVAL);
    errno = 0;
    printf("too much: %d %d\n", sbrk(16 * 1024 * 1024) == (void *)-1, errno == ENOMEM);
    return 0;
}
