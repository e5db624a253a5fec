#include <stddef.h>
#include <string.h>

static char room[4096];
static size_t used;

void *malloc(size_t bytes) { return room + (used += (bytes + 15) / 16 * 16); }
void free(void *memory) { (void)memory; }

int main(void) {
    free(strdup("text")); /* from libc's heap, to this one */
    return 0;
}
