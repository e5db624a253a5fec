#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "greeting.h"
#include "names.h"

static int by_length(const char *a, const char *b) {
    return (int)strlen(a) - (int)strlen(b);
}

int main(int argc, char **argv) {
    if (argc < 2) {
        fprintf(stderr, "usage: %s NAMES [OUTPUT]\n", argv[0]);
        return 64;
    }
    char **names;
    int count = names_read(argv[1], &names, by_length);
    if (count < 0) {
        fprintf(stderr, "%s: %s: %s\n", argv[0], argv[1], strerror(errno));
        return errno == ENOENT ? 2 : 1;
    }
    FILE *output = argc > 2 ? fopen(argv[2], "w") : stdout;
    if (output == NULL) {
        perror(argv[2]);
        return 1;
    }
    for (int i = 0; i < count; i++) {
        char *text = greeting_for(names[i]);
        fprintf(output, "%s\n", text);
        free(text);
    }
    if (output != stdout)
        fclose(output);
    printf("%d greeted, %d letters\n", count, greeting_letters);
    names_free(names, count);
    return 0;
}
