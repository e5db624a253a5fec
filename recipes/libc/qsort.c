/* qsort and qsort_r: quicksort about the median of three, or of nine; by insertion where little is left, and as a heap
 * where the medians were bad ones, so that no order of the input takes more than n log n. Nothing is read outside of the
 * array, whatever the comparison says. */

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

enum { FEW = 8, MANY = 128 };

struct order {
    size_t width; /* of an element, in bytes */
    int (*compare)(const void *, const void *);
    int (*compare_with)(const void *, const void *, void *); /* if not NULL, in its place */
    void *argument;
};

static inline int compared(const struct order *order, const char *one, const char *other) {
    return order->compare_with != NULL ? order->compare_with(one, other, order->argument) : order->compare(one, other);
}

#define EXCHANGE(type)                                                                                                 \
    do {                                                                                                               \
        type a, b;                                                                                                     \
        __builtin_memcpy_inline(&a, one, sizeof a);                                                                    \
        __builtin_memcpy_inline(&b, other, sizeof b);                                                                  \
        __builtin_memcpy_inline(one, &b, sizeof b);                                                                    \
        __builtin_memcpy_inline(other, &a, sizeof a);                                                                  \
    } while (0)

static inline void swap(char *one, char *other, size_t width) {
    if (width == sizeof(uint32_t)) {
        EXCHANGE(uint32_t);
        return;
    }
    for (; width >= 8; width -= 8, one += 8, other += 8)
        EXCHANGE(uint64_t);
    if (width >= 4) {
        EXCHANGE(uint32_t);
        width -= 4, one += 4, other += 4;
    }
    for (; width != 0; width--, one++, other++)
        EXCHANGE(char);
}

static void sort_few(char *first, char *end, const struct order *order) {
    size_t width = order->width;
    for (char *next = first + width; next < end; next += width)
        for (char *at = next; at > first && compared(order, at - width, at) > 0; at -= width)
            swap(at - width, at, width);
}

/* Let an element of a heap of `count` sink to where none below it is greater. */
static void sink(char *first, size_t at, size_t count, const struct order *order) {
    size_t width = order->width;
    for (size_t child; (child = 2 * at + 1) < count; at = child) {
        if (child + 1 < count && compared(order, first + child * width, first + (child + 1) * width) < 0)
            child++;
        if (compared(order, first + at * width, first + child * width) >= 0)
            return;
        swap(first + at * width, first + child * width, width);
    }
}

static void sort_as_heap(char *first, size_t count, const struct order *order) {
    for (size_t at = count / 2; at-- > 0;)
        sink(first, at, count, order);
    while (count-- > 1) {
        swap(first, first + count * order->width, order->width);
        sink(first, 0, count, order);
    }
}

static char *median(char *a, char *b, char *c, const struct order *order) {
    if (compared(order, a, b) < 0)
        return compared(order, b, c) < 0 ? b : compared(order, a, c) < 0 ? c : a;
    return compared(order, b, c) > 0 ? b : compared(order, a, c) < 0 ? a : c;
}

static char *pivot_of(char *first, size_t count, const struct order *order) {
    size_t step = count / 8 * order->width;
    char *middle = first + count / 2 * order->width, *last = first + (count - 1) * order->width;
    if (count < MANY)
        return median(first, middle, last, order);
    return median(median(first, first + step, first + 2 * step, order),
                  median(middle - step, middle, middle + step, order),
                  median(last - 2 * step, last - step, last, order), order);
}

/* Put the elements that are less than `pivot`, or not greater where `equal` is set, before the others. Where these begin.
 * Each is exchanged, so that no branch depends on the comparison: it would be mispredicted half of the time. */
static char *part(const char *pivot, char *first, char *end, const struct order *order, int equal) {
    size_t width = order->width;
    for (char *next = first; next < end; next += width) {
        int is_before = equal ? compared(order, pivot, next) >= 0 : compared(order, next, pivot) < 0;
        swap(first, next, width);
        first += is_before ? width : 0;
    }
    return first;
}

/* The smaller part is sorted in a call, the larger one in the loop: calls are at most as deep as count has bits. */
static void sort(char *first, size_t count, const struct order *order, unsigned parts_left) {
    size_t width = order->width;
    while (count > FEW) {
        if (parts_left-- == 0) {
            sort_as_heap(first, count, order);
            return;
        }
        char *end = first + count * width;
        swap(first, pivot_of(first, count, order), width);
        char *after = part(first, first + width, end, order, 0);
        size_t less = (size_t)(after - first) / width - 1;
        if (less == 0) { /* all that are equal to the pivot are in their place then */
            first = part(first, after, end, order, 1);
            count = (size_t)(end - first) / width;
            continue;
        }
        swap(first, after - width, width);
        if (less < count - less) {
            sort(first, less, order, parts_left);
            first = after, count -= less + 1;
        } else {
            sort(after, count - less - 1, order, parts_left);
            count = less;
        }
    }
    sort_few(first, first + count * width, order);
}

static void sort_all(char *first, size_t count, const struct order *order) {
    size_t width = order->width;
    if (count < 2 || width == 0)
        return;
    char *at = first, *last = first + (count - 1) * width;
    while (at < last && compared(order, at, at + width) <= 0)
        at += width;
    if (at < last) /* not sorted already */
        sort(first, count, order, 2 * (32 - __builtin_clz((unsigned)count)));
}

void qsort(void *base, size_t count, size_t width, int (*compare)(const void *, const void *)) {
    sort_all(base, count, &(struct order){.width = width, .compare = compare});
}

void qsort_r(void *base, size_t count, size_t width, int (*compare)(const void *, const void *, void *), void *argument) {
    sort_all(base, count, &(struct order){.width = width, .compare_with = compare, .argument = argument});
}
