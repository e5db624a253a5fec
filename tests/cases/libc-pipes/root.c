#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/select.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

static int failures;
#define CHECK(condition) (void)((condition) || (failures++, printf("line %d: %s: %s\n", __LINE__, #condition, strerror(errno))))

static int ready(int file, short events) {
    struct pollfd one = {file, events, 0};
    return poll(&one, 1, 0) == 1 ? one.revents : 0;
}

int main(void) {
    char text[100] = "";
    int p[2];
    CHECK(pipe2(p, O_APPEND) == -1 && errno == EINVAL);
    CHECK(pipe(p) == 0 && p[0] > 2 && p[1] > p[0]);
    CHECK(read(p[0], text, 1) == -1 && errno == EDEADLK); /* nobody could write */
    CHECK(read(p[0], text, 0) == 0 && write(p[1], text, 0) == 0);
    CHECK(write(p[1], "hello", 5) == 5 && write(p[1], " world", 6) == 6);
    CHECK(read(p[0], text, 3) == 3 && read(p[0], text + 3, sizeof text - 3) == 8 && strcmp(text, "hello world") == 0);
    CHECK(write(p[0], "x", 1) == -1 && errno == EBADF && read(p[1], text, 1) == -1 && errno == EBADF);
    CHECK(lseek(p[0], 0, SEEK_CUR) == -1 && errno == ESPIPE && pread(p[0], text, 1, 0) == -1 && errno == ESPIPE);
    CHECK((fcntl(p[0], F_GETFL) & O_ACCMODE) == O_RDONLY && (fcntl(p[1], F_GETFL) & O_ACCMODE) == O_WRONLY);
    struct stat stat;
    CHECK(fstat(p[0], &stat) == 0 && !S_ISREG(stat.st_mode) && !isatty(p[0]));

    CHECK(fcntl(p[0], F_SETFL, O_NONBLOCK) == 0 && fcntl(p[1], F_GETFL) == O_WRONLY);
    CHECK(read(p[0], text, 1) == -1 && errno == EAGAIN);
    CHECK(ready(p[0], POLLIN) == 0 && ready(p[1], POLLOUT) == POLLOUT);
    CHECK(writev(p[1], (struct iovec[]){{"a", 1}, {"bc", 2}, {"", 0}, {"d", 1}}, 4) == 4);
    CHECK(ready(p[0], POLLIN) == POLLIN);
    char one[1], rest[10];
    CHECK(readv(p[0], (struct iovec[]){{one, 1}, {rest, 10}}, 2) == 4 && one[0] == 'a' && memcmp(rest, "bcd", 3) == 0);

    /* Full: without waiting a write takes what there is room for, and up to 4096 bytes all or nothing. */
    CHECK(fcntl(p[1], F_SETFL, O_NONBLOCK) == 0);
    static char block[100000];
    for (int i = 0; i < (int)sizeof block; i++)
        block[i] = i % 251;
    CHECK(write(p[1], block, 65000) == 65000 && write(p[1], block + 65000, 4096) == -1 && errno == EAGAIN);
    CHECK(ready(p[1], POLLOUT) == 0);
    CHECK(write(p[1], block + 65000, 5000) == 536 && write(p[1], block, 1) == -1 && errno == EAGAIN);
    static char back[100000];
    size_t have = 0;
    for (ssize_t n; (n = read(p[0], back + have, 999)) > 0;)
        have += n;
    CHECK(have == 65536 && memcmp(back, block, have) == 0);
    CHECK(fcntl(p[1], F_SETFL, 0) == 0 && write(p[1], block, sizeof block) == sizeof block); /* nobody could make room */
    CHECK(read(p[0], back, sizeof back) == sizeof back && memcmp(back, block, sizeof back) == 0);

    /* Both ends at once, and a file beside them. */
    int file = open("file", O_RDWR | O_CREAT, 0600);
    struct pollfd all[] = {{p[0], POLLIN, 0}, {p[1], POLLOUT, 0}, {file, POLLIN, 0}, {-1, POLLIN, 0}};
    int n = poll(all, 4, -1);
    CHECK(n == 2 && all[0].revents == 0 && all[1].revents == POLLOUT && all[2].revents == POLLIN);
    CHECK(poll(all, 1, 20) == 0);
    CHECK(poll(all, 1, -1) == -1 && errno == EDEADLK);
    fd_set readable;
    FD_ZERO(&readable);
    FD_SET(p[0], &readable);
    write(p[1], "x", 1);
    CHECK(select(p[0] + 1, &readable, NULL, NULL, &(struct timeval){1, 0}) == 1 && FD_ISSET(p[0], &readable));
    CHECK(close(file) == 0 && unlink("file") == 0);

    int copy = dup(p[1]);
    CHECK(close(p[1]) == 0 && write(copy, "y", 1) == 1 && close(copy) == 0);
    CHECK(ready(p[0], POLLIN) & POLLIN);
    CHECK(read(p[0], text, sizeof text) == 2 && text[0] == 'x' && text[1] == 'y');
    CHECK(read(p[0], text, 1) == 0 && (ready(p[0], POLLIN) & (POLLIN | POLLHUP)) != 0);
    CHECK(close(p[0]) == 0 && close(p[0]) == -1 && errno == EBADF);

    CHECK(pipe2(p, O_NONBLOCK | O_CLOEXEC) == 0 && close(p[0]) == 0);
    CHECK(write(p[1], "z", 1) == -1 && errno == EPIPE && (ready(p[1], POLLOUT) & (POLLOUT | POLLERR)) != 0);
    CHECK(close(p[1]) == 0);

    /* What is printed comes back. */
    CHECK(pipe(p) == 0);
    fflush(stdout);
    int saved = dup(1);
    dup2(p[1], 1);
    close(p[1]);
    printf("printed %d", 42);
    fflush(stdout);
    dup2(saved, 1);
    close(saved);
    FILE *stream = fdopen(p[0], "r");
    CHECK(fgets(text, sizeof text, stream) == text && strcmp(text, "printed 42") == 0 && feof(stream));
    CHECK(fclose(stream) == 0);
    for (int i = 0; i < 1000; i++)
        CHECK(pipe(p) == 0 && write(p[1], block, 1000) == 1000 && close(p[0]) == 0 && close(p[1]) == 0);
    CHECK(p[0] == 3 || p[0] == 4);
    printf("%d failures\n", failures);
    return 0;
}
