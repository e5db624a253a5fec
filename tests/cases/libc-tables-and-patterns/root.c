#define _GNU_SOURCE
#include <dirent.h>
#include <fnmatch.h>
#include <fts.h>
#include <ftw.h>
#include <glob.h>
#include <regex.h>
#include <search.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

static int ascending(const void *a, const void *b) { return *(const int *)a - *(const int *)b; }
static int in_direction(const void *a, const void *b, void *direction) { return *(int *)direction * ascending(a, b); }
static void visit(const void *node, VISIT order, int depth) {
    if (order == postorder || order == leaf)
        printf(" %d", **(int *const *)node);
}
static int walked(const char *path, const struct stat *stat, int type, struct FTW *at) {
    printf(" %d%s:%s", at->level, type == FTW_D ? "d" : type == FTW_DP ? "D" : "f", path + at->base);
    return 0;
}
static int by_name(const FTSENT **a, const FTSENT **b) { return strcmp((*a)->fts_name, (*b)->fts_name); }
static int visible(const struct dirent *entry) { return entry->d_name[0] != '.'; }

static void match(const char *pattern, int flags, const char *text) {
    regex_t regex;
    regmatch_t found[4];
    char message[100];
    int error = regcomp(&regex, pattern, flags);
    printf("%s in %s:", pattern, text);
    if (error != 0) {
        regerror(error, &regex, message, sizeof message);
        printf(" %s\n", message);
        return;
    }
    error = regexec(&regex, text, 4, found, 0);
    for (int i = 0; error == 0 && i < 4 && found[i].rm_so >= 0; i++)
        printf(" %d-%d", (int)found[i].rm_so, (int)found[i].rm_eo);
    printf(error == 0 ? "\n" : " no\n");
    regfree(&regex);
}

int main(void) {
    int numbers[] = {5, 3, 9, 1, 7}, direction = -1, key = 7, none = 8;
    qsort_r(numbers, 5, sizeof *numbers, in_direction, &direction);
    printf("qsort_r: %d %d %d %d %d\n", numbers[0], numbers[1], numbers[2], numbers[3], numbers[4]);
    qsort(numbers, 5, sizeof *numbers, ascending);
    int *found = bsearch(&key, numbers, 5, sizeof *numbers, ascending);
    printf("bsearch: %d %d\n", (int)(found - numbers), bsearch(&none, numbers, 5, sizeof *numbers, ascending) == NULL);
    static int many[10000];
    for (int i = 0; i < 10000; i++)
        many[i] = i * 7919 % 10007;
    qsort(many, 10000, sizeof *many, ascending);
    int sorted = 1;
    for (int i = 1; i < 10000; i++)
        sorted &= many[i - 1] <= many[i];
    printf("sorted: %d\n", sorted);

    void *root = NULL;
    for (int i = 0; i < 5; i++)
        tsearch(&numbers[i], &root, ascending);
    printf("tree:");
    twalk(root, visit);
    tdelete(&numbers[1], &root, ascending);
    printf(", without 3:");
    twalk(root, visit);
    printf(" %d %d\n", tfind(&key, &root, ascending) != NULL, tfind(&none, &root, ascending) == NULL);
    size_t count = 5;
    int room[6];
    memcpy(room, numbers, sizeof numbers);
    printf("lsearch: %d", (int)((int *)lsearch(&none, room, &count, sizeof(int), ascending) - room));
    printf(" %zu %d\n", count, lfind(&direction, room, &count, sizeof(int), ascending) == NULL);
    hcreate(20);
    for (int i = 0; i < 50; i++) {
        char name[10];
        sprintf(name, "k%d", i);
        hsearch((ENTRY){strdup(name), (void *)(long)i}, ENTER);
    }
    ENTRY *entry = hsearch((ENTRY){"k42", NULL}, FIND);
    printf("hsearch: %ld %d\n", (long)entry->data, hsearch((ENTRY){"x", NULL}, FIND) == NULL);
    hdestroy();
    struct element {
        struct element *next, *previous;
    } a = {0}, b = {0};
    insque(&a, NULL), insque(&b, &a);
    printf("insque: %d", a.next == &b && b.previous == &a);
    remque(&b);
    printf(" %d\n", a.next == NULL);

    match("a(b+)c", REG_EXTENDED, "xabbbc");
    match("^(foo|ba[rz]){2}$", REG_EXTENDED, "foobaz");
    match("\\(a*\\)\\1", 0, "aaaa");
    match("[[:digit:]]+", REG_EXTENDED, "abc123");
    match("ABC", REG_ICASE, "xabc");
    match("a.c", REG_EXTENDED | REG_NEWLINE, "a\nc");
    match("(", REG_EXTENDED, "");
    match("[", 0, "");
    match("x{3,2}", REG_EXTENDED, "");
    printf("fnmatch: %d %d %d %d %d %d\n", fnmatch("*.c", "a.c", 0), fnmatch("*", ".a", FNM_PERIOD) != 0, fnmatch("a/*", "a/b/c", FNM_PATHNAME) != 0, fnmatch("[!a-c]x", "dx", 0), fnmatch("A*", "abc", FNM_CASEFOLD), fnmatch("\\*", "*", 0));

    glob_t paths;
    printf("glob: %d", glob("t/*.[ch]", 0, NULL, &paths));
    printf(" %d", glob("t/*/*.c", GLOB_APPEND, NULL, &paths));
    for (size_t i = 0; i < paths.gl_pathc; i++)
        printf(" %s", paths.gl_pathv[i]);
    globfree(&paths);
    printf(" %d\n", glob("nothing*", 0, NULL, &paths) == GLOB_NOMATCH);
    char *places[] = {"t", NULL};
    FTS *tree = fts_open(places, FTS_PHYSICAL | FTS_NOCHDIR, by_name);
    printf("fts:");
    for (FTSENT *one; (one = fts_read(tree)) != NULL;)
        printf(" %d%s%s", one->fts_level, one->fts_info == FTS_D ? "d:" : one->fts_info == FTS_DP ? "D:" : one->fts_info == FTS_F ? "f:" : "?:", one->fts_name);
    printf(" %d\n", fts_close(tree));
    struct dirent **names;
    int n = scandir("t", &names, visible, alphasort);
    printf("scandir: %d", n);
    for (int i = 0; i < n; i++)
        printf(" %s%s", names[i]->d_name, names[i]->d_type == DT_DIR ? "/" : "");
    printf("\nnftw of one directory:");
    int status = nftw("t/sub/deep", walked, 10, FTW_DEPTH | FTW_PHYS);
    printf(" %d\n", status);
    return 0;
}
