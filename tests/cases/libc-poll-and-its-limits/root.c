#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/select.h>
#include <time.h>
#include <unistd.h>

static int failures;
#define CHECK(condition) (void)((condition) || (failures++, printf("line %d: %s: %s\n", __LINE__, #condition, strerror(errno))))

int main(void) {
    int file = open("in.txt", O_RDWR);
    struct pollfd one = {file, POLLIN, 0}, none = {-7, POLLIN, 0};
    CHECK(poll(&one, 1, -1) == 1 && one.revents == POLLIN);
    one.events = POLLOUT;
    CHECK(poll(&one, 1, -1) == 1 && one.revents == POLLOUT);
    one.events = POLLIN | POLLOUT;
    CHECK(poll(&one, 1, 0) == 1 && (one.revents & POLLIN) != 0);
    CHECK(poll(&none, 1, 0) == 0 && poll(NULL, 0, 10) == 0);
    CHECK(ppoll(&one, 1, NULL, NULL) == 1);
    CHECK(ppoll(&one, 1, &(struct timespec){0, 1}, NULL) == 1);
    CHECK(ppoll(&none, 1, &(struct timespec){0, 1000}, NULL) == 0);
    CHECK(ppoll(&one, 1, &(struct timespec){-1, 0}, NULL) == -1 && errno == EINVAL);
    CHECK(ppoll(&one, 1, &(struct timespec){0, -1}, NULL) == -1 && errno == EINVAL);
    CHECK(ppoll(&one, 1, &(struct timespec){0, 1000000000}, NULL) == -1 && errno == EINVAL);
    one.fd = 300;
    int found = ppoll(&one, 1, &(struct timespec){0, 0}, NULL);
    CHECK((found == -1 && errno == EBADF) || (found == 1 && one.revents == POLLNVAL));
    struct timespec before, after;
    clock_gettime(CLOCK_MONOTONIC, &before);
    CHECK(ppoll(NULL, 0, &(struct timespec){0, 20000000}, NULL) == 0);
    clock_gettime(CLOCK_MONOTONIC, &after);
    CHECK((after.tv_sec - before.tv_sec) * 1000000000LL + after.tv_nsec - before.tv_nsec >= 19000000);
    fd_set reads, writes;
    FD_ZERO(&reads), FD_ZERO(&writes);
    FD_SET(file, &reads), FD_SET(file, &writes);
    CHECK(select(file + 1, &reads, &writes, NULL, NULL) == 2 && FD_ISSET(file, &reads) && FD_ISSET(file, &writes));
    FD_ZERO(&writes);
    CHECK(pselect(file + 1, &reads, &writes, NULL, &(struct timespec){0, 0}, NULL) == 1);
    FD_ZERO(&reads);
    CHECK(select(0, &reads, NULL, NULL, &(struct timeval){0, 1000}) == 0);
    fd_set errors;
    FD_ZERO(&errors);
    FD_SET(file, &errors), FD_SET(file, &reads);
    CHECK(pselect(file + 1, &reads, NULL, &errors, NULL, NULL) == 1 && FD_ISSET(file, &reads) && !FD_ISSET(file, &errors));
    FD_SET(file, &errors);
    CHECK(pselect(file + 1, NULL, NULL, &errors, &(struct timespec){0, 0}, NULL) == -1 && errno == ENOSYS);
    one = (struct pollfd){file, POLLPRI | POLLRDNORM, 0};
    CHECK(poll(&one, 1, -1) == 1 && one.revents == POLLRDNORM);
    one.events = POLLPRI;
    CHECK(poll(&one, 1, 0) == -1 && errno == ENOSYS);
    printf("%d failures\n", failures);
    return 0;
}
