#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/uio.h>
#include <unistd.h>

enum { SIZE = 1 << 20 };

static unsigned char wrote[SIZE], got[SIZE + 1];

static int same(size_t at, size_t count) { return memcmp(got, wrote + at, count) == 0; }

static void whole_files(int fd) {
    printf("pread: %zd", pread(fd, got, SIZE, 0));
    printf(", %d\n", same(0, SIZE));
    printf("at an odd place: %zd", pread(fd, got, SIZE, 12345));
    printf(", %d\n", same(12345, SIZE - 12345));
    printf("more than there is: %zd\n", pread(fd, got, sizeof got, 1));
    printf("past its end: %zd\n", pread(fd, got, SIZE, SIZE + 1));
    printf("nothing: %zd\n", pread(fd, got, 0, 0));

    struct iovec parts[] = {{got, 3}, {got + 3, 0}, {got + 3, 100000}, {got + 100003, SIZE - 100003}};
    memset(got, 0, sizeof got);
    printf("preadv: %zd", preadv(fd, parts, 4, 0));
    printf(", %d\n", same(0, SIZE));
    printf("no parts: %zd\n", preadv(fd, parts, 0, 0));
    printf("the place of read is as it was: %lld\n", (long long)lseek(fd, 0, SEEK_CUR));
}

static void whole_files_are_not(void) {
    int ends[2];
    pipe(ends);
    printf("of a pipe: %zd", pread(ends[0], got, 1, 0));
    printf(", %d\n", errno == ESPIPE);
    printf("of nothing: %zd", pread(77, got, 1, 0));
    printf(", %d\n", errno == EBADF);
}

int main(void) {
    for (int i = 0; i < SIZE; i++)
        wrote[i] = i * 2654435761u >> 13;
    int fd = open("/file", O_RDWR | O_CREAT, 0600);
    printf("pwrite: %zd\n", pwrite(fd, wrote, SIZE, 0));
    whole_files(fd);
    whole_files_are_not();
    unlink("/file");
    return 0;
}
