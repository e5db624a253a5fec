#include "names.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static names_order current_order;

static int compare(const void *a, const void *b) {
    return current_order(*(char *const *)a, *(char *const *)b);
}

int names_read(const char *path, char ***names, names_order order) {
    FILE *file = strcmp(path, "-") == 0 ? stdin : fopen(path, "r");
    if (file == NULL)
        return -1; /* errno is the caller's to read */
    char line[256];
    int count = 0;
    *names = NULL;
    while (fgets(line, sizeof line, file) != NULL) {
        line[strcspn(line, "\n")] = '\0';
        char **more = realloc(*names, (count + 1) * sizeof *more);
        if (more == NULL || (more[count] = strdup(line)) == NULL)
            abort();
        *names = more;
        count++;
    }
    if (file != stdin)
        fclose(file);
    current_order = order;
    qsort(*names, count, sizeof **names, compare);
    return count;
}

void names_free(char **names, int count) {
    for (int i = 0; i < count; i++)
        free(names[i]);
    free(names);
}
