#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

static void sync_both(const char *what, int fd) {
    int all = fsync(fd);
    int error = all == 0 ? 0 : errno;
    int data = fdatasync(fd);
    printf("%s: %d %d", what, all, data);
    printf(error == 0 ? "\n" : ", %s\n", error == EBADF ? "EBADF" : error == EINVAL ? "EINVAL" : "?");
}

int main(void) {
    int ends[2];
    int file = open("/file", O_RDWR | O_CREAT, 0600), directory = open("/", O_RDONLY | O_DIRECTORY);
    sync_both("file", file);
    sync_both("directory", directory);
    sync_both("directory by another number", dup(directory));
    close(directory);
    sync_both("closed", directory);
    sync_both("not open", 77);
    pipe(ends);
    sync_both("pipe", ends[1]);
    unlink("/file");
    return 0;
}
