/* poll with a finer time limit. Signals come from the process itself alone, so none can come while it waits. */

#define _GNU_SOURCE
#include <errno.h>
#include <limits.h>
#include <poll.h>
#include <time.h>

int ppoll(struct pollfd *files, nfds_t count, const struct timespec *limit, const sigset_t *mask) {
    if (limit == NULL)
        return poll(files, count, -1);
    if (limit->tv_sec < 0 || limit->tv_nsec < 0 || limit->tv_nsec >= 1000000000) {
        errno = EINVAL;
        return -1;
    }
    long long left_ms = limit->tv_sec > LLONG_MAX / 1000 - 1000 ? LLONG_MAX : limit->tv_sec * 1000 + (limit->tv_nsec + 999999) / 1000000;
    for (; left_ms > INT_MAX; left_ms -= INT_MAX) {
        int ready = poll(files, count, INT_MAX);
        if (ready != 0)
            return ready;
    }
    return poll(files, count, (int)left_ms);
}
