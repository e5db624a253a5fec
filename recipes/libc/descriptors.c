/* dup and its like, which WASI preview 1 has not. The host gives a file one number; that a program may know it by
 * several, or by another, is kept here. All calls to the host go through this table once there is anything in it.
 *
 * A number without an entry is the host's own. So where a program knows the host's file 4 as 9 alone, the number 4 has
 * an entry too, which says that nothing is there. */

#include "descriptors.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>
#include <wasi/libc.h>

enum {
    NOTHING = -1, /* the host has a file of this number, which the program knows by others */
    PIPE = -2,
    NUMBERS = 65536,
};

struct entry {
    int number;
    int host;
    struct end *end;
};

int __descriptors;
static struct entry *entries;
static int room;

static struct entry *find(int number) {
    for (int i = 0; i < __descriptors; i++)
        if (entries[i].number == number)
            return &entries[i];
    return NULL;
}

__wasi_fd_t __descriptor_host(__wasi_fd_t number) {
    struct entry *entry = find(number);
    return entry != NULL ? entry->host : number; /* the host has no file of a negative number */
}

struct end *__descriptor_end(__wasi_fd_t number) {
    struct entry *entry = find(number);
    return entry != NULL ? entry->end : NULL;
}

/* Room for so many more entries, so that what follows cannot fail half-way. */
static int reserve(int more) {
    if (__descriptors + more <= room)
        return 1;
    struct entry *larger = realloc(entries, (__descriptors + more + 8) * sizeof *entries);
    if (larger == NULL)
        return 0;
    entries = larger;
    room = __descriptors + more + 8;
    return 1;
}

static void discard(struct entry *entry) { *entry = entries[--__descriptors]; }

static int any_means(int host, int but) {
    for (int i = 0; i < __descriptors; i++)
        if (entries[i].host == host && entries[i].number != but)
            return 1;
    return 0;
}

static void put(int number, int host, struct end *end) {
    struct entry *entry = find(number);
    if (host != number) {
        if (entry == NULL)
            entry = &entries[__descriptors++];
        *entry = (struct entry){number, host, end};
    } else if (entry != NULL) {
        discard(entry);
    }
}

/* The number means nothing any more. */
static void take_away(int number) {
    struct entry *entry = find(number);
    if (any_means(number, number))
        put(number, NOTHING, NULL);
    else if (entry != NULL)
        discard(entry);
}

static int is_open(int number) {
    struct entry *entry = find(number);
    __wasi_fdstat_t stat;
    return entry != NULL ? entry->host != NOTHING : __host_fd_fdstat_get(number, &stat) == 0;
}

static int free_number(int least) {
    for (int number = least; number < NUMBERS; number++)
        if (!is_open(number))
            return number;
    return -1;
}

__wasi_errno_t __wasi_fd_close(__wasi_fd_t number) {
    if (__descriptors == 0)
        return __host_fd_close(number);
    if (!reserve(1))
        return __WASI_ERRNO_NOMEM;
    struct entry *entry = find(number);
    int host = entry != NULL ? entry->host : (int)number;
    struct end *end = entry != NULL ? entry->end : NULL;
    if (host == NOTHING)
        return __WASI_ERRNO_BADF;
    if (end != NULL) {
        int other = 0;
        for (int i = 0; i < __descriptors; i++)
            other |= entries[i].end == end && entries[i].number != (int)number;
        take_away(number);
        if (!other)
            __pipe_close(end);
        return 0;
    }
    if (any_means(host, number) || (entry != NULL && find(host) == NULL)) {
        take_away(number);
        return 0;
    }
    __wasi_errno_t error = __host_fd_close(host);
    take_away(number);
    if (find(host) != NULL && find(host)->host == NOTHING)
        discard(find(host));
    return error;
}

/* The host opened a file: by which number does the program know it? By the lowest that it has free, as POSIX has it. */
__wasi_errno_t __descriptor_opened(__wasi_fd_t *opened) {
    int host = *opened, number = find(host) == NULL ? host : NUMBERS;
    for (int i = 0; i < __descriptors; i++)
        if (entries[i].host == NOTHING && entries[i].number < number)
            number = entries[i].number;
    if (number == NUMBERS)
        number = free_number(host + 1);
    if (number < 0 || !reserve(2)) {
        __host_fd_close(host);
        return number < 0 ? __WASI_ERRNO_MFILE : __WASI_ERRNO_NOMEM;
    }
    put(number, host, NULL);
    if (number != host && find(host) == NULL)
        put(host, NOTHING, NULL);
    *opened = number;
    return 0;
}

static int failed(int error) {
    errno = error;
    return -1;
}

static int duplicate(int from, int to) {
    struct entry *entry = find(from);
    if (entry != NULL)
        put(to, entry->host, entry->end);
    else
        put(to, from, NULL);
    return to;
}

int __descriptor_duplicate(int number, int least) {
    if (!is_open(number))
        return failed(EBADF);
    if (least < 0 || least >= NUMBERS)
        return failed(EINVAL);
    /* Which directories are there from the start must be known while all numbers are the host's. */
    __wasilibc_populate_preopens();
    int to = free_number(least);
    if (to < 0 || !reserve(1))
        return failed(to < 0 ? EMFILE : ENOMEM);
    return duplicate(number, to);
}

int dup(int number) { return __descriptor_duplicate(number, 0); }

int dup2(int from, int to) {
    if (!is_open(from) || to < 0 || to >= NUMBERS)
        return failed(EBADF);
    if (from == to)
        return to;
    __wasilibc_populate_preopens();
    if (!reserve(3))
        return failed(ENOMEM);
    if (is_open(to))
        __wasi_fd_close(to);
    return duplicate(from, to);
}

int dup3(int from, int to, int flags) {
    return from == to || (flags & ~O_CLOEXEC) != 0 ? failed(EINVAL) : dup2(from, to);
}

int __dup3(int from, int to, int flags) { return dup3(from, to, flags); }

__wasi_errno_t __wasi_fd_renumber(__wasi_fd_t from, __wasi_fd_t to) {
    if (__descriptors == 0)
        return __host_fd_renumber(from, to);
    if (!is_open(from) || !is_open(to))
        return __WASI_ERRNO_BADF;
    if (dup2(from, to) < 0)
        return __WASI_ERRNO_NOMEM;
    return from == to ? 0 : __wasi_fd_close(from);
}

__wasi_errno_t __descriptor_of_ends(struct end *one, struct end *other, int numbers[2]) {
    __wasilibc_populate_preopens();
    numbers[0] = free_number(0);
    numbers[1] = numbers[0] < 0 ? -1 : free_number(numbers[0] + 1);
    if (numbers[1] < 0 || !reserve(2))
        return numbers[1] < 0 ? __WASI_ERRNO_MFILE : __WASI_ERRNO_NOMEM;
    put(numbers[0], PIPE, one);
    put(numbers[1], PIPE, other);
    return 0;
}
