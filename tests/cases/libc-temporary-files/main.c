#define _GNU_SOURCE
#define _LARGEFILE64_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

static int failures;
#define CHECK(condition) (void)((condition) || (failures++, printf("line %d: %s: %s\n", __LINE__, #condition, strerror(errno))))

static int is_file(const char *path) {
    struct stat stat;
    return lstat(path, &stat) == 0 && S_ISREG(stat.st_mode) && stat.st_size == 0 && unlink(path) == 0;
}

int main(void) {
    char plain[] = "/a-XXXXXX", other[] = "/a-XXXXXX", flags[] = "/b-XXXXXX", suffix[] = "/c-XXXXXX.txt", both[] = "d-XXXXXX.c";
    char dir[] = "/e-XXXXXX", name[] = "/f-XXXXXX", large[] = "/g-XXXXXX", bad[] = "/h-XXXXX", nowhere[] = "/no/XXXXXX";
    char first[sizeof plain];
    int f = mkstemp(plain), g = mkstemp(other);
    strcpy(first, plain);
    CHECK(f > 2 && g > f && strcmp(plain, other) != 0 && strstr(plain, "X") == NULL);
    CHECK(write(f, "text", 4) == 4 && pread(f, plain + 3, 4, 0) == 4 && memcmp(plain + 3, "text", 4) == 0);
    CHECK(close(f) == 0 && close(g) == 0 && is_file(other) && unlink(first) == 0);
    f = mkostemp(flags, O_APPEND);
    CHECK(f > 2 && (fcntl(f, F_GETFL) & O_APPEND) != 0 && close(f) == 0 && is_file(flags));
    CHECK((f = mkstemps(suffix, 4)) > 2 && strcmp(suffix + 9, ".txt") == 0 && close(f) == 0 && is_file(suffix));
    CHECK((f = mkostemps(both, 2, 0)) > 2 && strcmp(both + 8, ".c") == 0 && close(f) == 0 && is_file(both));
    CHECK((f = mkstemp64(large)) > 2 && close(f) == 0 && is_file(large));
    CHECK(mkdtemp(dir) == dir && rmdir(dir) == 0);
    CHECK(mktemp(name) == name && name[0] == '/' && access(name, F_OK) == -1);
    CHECK(mkstemp(bad) == -1 && errno == EINVAL && mkdtemp(bad) == NULL && errno == EINVAL && mkstemps(both, 20) == -1);
    CHECK(mkstemp(nowhere) == -1 && errno == ENOENT && strcmp(nowhere, "/no/XXXXXX") == 0);

    time_t day = 86400;
    setenv("TZ", "Europe/Berlin", 1);
    tzset();
    CHECK(localtime(&day)->tm_hour == 0);
    printf("%d failures\n", failures);
    return 0;
}
