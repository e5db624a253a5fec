#define _GNU_SOURCE
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static int failures;
#define CHECK(condition) (void)((condition) || (failures++, printf("line %d: %s: %s\n", __LINE__, #condition, strerror(errno))))

static void two_numbers(void) {
    char text[20] = "";
    int a = open("a", O_RDWR | O_CREAT, 0600), b = dup(a);
    CHECK(a > 2 && b > 2 && a != b);
    CHECK(write(a, "one ", 4) == 4 && write(b, "two", 3) == 3);
    CHECK(lseek(b, 0, SEEK_CUR) == 7 && lseek(a, 0, SEEK_SET) == 0);
    CHECK(close(a) == 0);
    CHECK(read(a, text, 1) == -1 && errno == EBADF);
    CHECK(close(a) == -1 && errno == EBADF);
    CHECK(read(b, text, sizeof text) == 7 && strcmp(text, "one two") == 0);
    int c = open("a", O_RDONLY);
    CHECK(c > 2 && c != b);
    CHECK(read(c, text, 3) == 3 && lseek(b, 0, SEEK_CUR) == 7);
    int d = open("a", O_RDONLY);
    CHECK(d > 2 && d != b && d != c && lseek(d, 0, SEEK_CUR) == 0);
    CHECK(close(b) == 0 && close(d) == 0 && read(c, text, 4) == 4);
    CHECK(close(c) == 0);
    int last = open("a", O_RDONLY);
    CHECK(last > 2 && close(last) == 0);
}

static void a_number_that_is_chosen(void) {
    char text[20] = "";
    int a = open("a", O_RDWR | O_TRUNC), b = open("b", O_RDWR | O_CREAT, 0600);
    CHECK(dup2(-1, b) == -1 && errno == EBADF && write(b, "b", 1) == 1);
    CHECK(dup2(1000, b) == -1 && errno == EBADF);
    CHECK(dup2(a, -1) == -1 && errno == EBADF);
    CHECK(dup2(a, a) == a);
    CHECK(dup3(a, a, 0) == -1 && errno == EINVAL);
    CHECK(dup2(a, b) == b && write(b, "to a", 4) == 4 && lseek(a, 0, SEEK_CUR) == 4);
    CHECK(dup3(a, 700, O_CLOEXEC) == 700 && write(700, "!", 1) == 1);
    CHECK(close(700) == 0 && write(700, "!", 1) == -1 && errno == EBADF);
    CHECK(fcntl(a, F_DUPFD, 50) == 50 && fcntl(b, F_DUPFD_CLOEXEC, 50) == 51);
    CHECK(fcntl(a, F_DUPFD, -1) == -1 && errno == EINVAL);
    CHECK(fcntl(1000, F_DUPFD, 0) == -1 && errno == EBADF);
    CHECK(close(a) == 0 && close(b) == 0 && close(50) == 0);
    CHECK(fcntl(51, F_GETFD) == FD_CLOEXEC && (fcntl(51, F_GETFL) & O_ACCMODE) == O_RDWR);
    CHECK(fcntl(50, F_GETFD) == -1 && errno == EBADF);
    CHECK(pread(51, text, sizeof text, 0) == 5 && strcmp(text, "to a!") == 0);
    int many[40];
    for (int i = 0; i < 40; i++) {
        many[i] = open("b", O_RDONLY);
        CHECK(many[i] > 2 && many[i] != 51);
        for (int k = 0; k < i; k++)
            CHECK(many[i] != many[k]);
        CHECK(read(many[i], text, 1) == 1 && text[0] == 'b');
    }
    CHECK(fcntl(51, F_SETFL, O_APPEND) == 0);
    for (int i = 0; i < 40; i++)
        CHECK(close(many[i]) == 0);
    CHECK(close(51) == 0);
}

static void standard_output(void) {
    char text[40] = "";
    fflush(stdout);
    int saved = dup(1), file = open("out", O_RDWR | O_CREAT, 0600);
    CHECK(dup2(file, 1) == 1 && close(file) == 0);
    printf("into the file");
    fflush(stdout);
    CHECK(dup2(saved, 1) == 1 && close(saved) == 0);
    file = open("out", O_RDONLY);
    CHECK(read(file, text, sizeof text) == 13 && strcmp(text, "into the file") == 0);
    CHECK(close(file) == 0);
    printf("the terminal again\n");
    fflush(stdout);
    saved = dup(1);
    close(1);
    CHECK(open("out", O_WRONLY | O_TRUNC) == 1); /* the lowest that is free */
    puts("in the file");
    fflush(stdout);
    CHECK(dup2(saved, 1) == 1 && close(saved) == 0);
}

static void directories(void) {
    struct stat one, other;
    mkdir("dir", 0700);
    int dir = open("dir", O_RDONLY | O_DIRECTORY), copy = dup(dir);
    CHECK(close(dir) == 0);
    int file = openat(copy, "x", O_CREAT | O_WRONLY, 0600);
    CHECK(file > 2 && file != copy && close(file) == 0);
    CHECK(fstatat(copy, "x", &one, 0) == 0 && stat("dir/x", &other) == 0 && one.st_ino == other.st_ino);
    DIR *stream = fdopendir(copy);
    int found = 0;
    for (struct dirent *entry; (entry = readdir(stream)) != NULL;)
        found += strcmp(entry->d_name, "x") == 0;
    CHECK(found == 1 && closedir(stream) == 0);
    CHECK(unlink("dir/x") == 0 && rmdir("dir") == 0);
    FILE *stream1 = fopen("out", "r"), *stream2 = fdopen(dup(fileno(stream1)), "r");
    CHECK(getc(stream2) == 'i' && fclose(stream1) == 0 && getc(stream2) == 'n' && fclose(stream2) == 0);
}

int main(void) {
    two_numbers();
    a_number_that_is_chosen();
    standard_output();
    directories();
    two_numbers();
    unlink("a"), unlink("b"), unlink("out");
    printf("%d failures\n", failures);
    return 0;
}
