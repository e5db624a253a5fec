/* malloc and its like, for the one heap of a process.
 *
 * The heap is chunks that lie side by side. Each begins with a header and knows its size, and by a bit whether the one
 * before it is free; a free one also writes its size at its end. So what is freed joins its free neighbours.
 *
 * Free chunks wait in bins, by size, and a bitmap says which bins hold any. Small ones are not joined at once: they wait
 * in a list for their exact size, marked as used, and the next request of that size takes the last one back. The room
 * that small requests are cut from one after the other, the remainder, is in no bin either. Before memory grows, all
 * of these are freed in earnest: what can be joined is joined first.
 *
 * Memory is the loader's too: a library that dlopen brings in lies where memory ended then. So the heap is regions, each
 * with the header of a chunk that is always used at its end. The first is what the process starts with between the last
 * module's data and the end of memory. */

#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

/* All weak: a program that is linked statically may define some of these and leave out others. */
#define PUBLIC __attribute__((__weak__))

enum {
    USED = 1,        /* not to be joined with a neighbour */
    BEFORE_USED = 2, /* the same of the chunk before; if not, `before` is its size */
    WAITING = 4,     /* freed, but in the list for its size */
    FLAGS = 15,
    ALIGNMENT = 16,
    HEADER = 8,
    PAGE = 65536,
    SMALL = 512,       /* chunks up to here wait in lists; more is faster, and memory is fragmented more */
    REMAINDER = 65536, /* at most so much is kept for small requests */
    EXACT = 32,        /* bins below this number hold one size each, a multiple of ALIGNMENT */
    STEPS = 16,        /* above, that many to each power of two */
    BINS = EXACT + STEPS * 23,
    WORDS = (BINS + 31) / 32,
    LARGE = 1024, /* before so much is moved, what waits is freed: it may lie in the way of growing */
    TRIES = 8,    /* chunks looked at in a bin of which not every one is large enough */
};

struct chunk {
    uint32_t before; /* counts only without BEFORE_USED; else it is the last bytes of the chunk before */
    uint32_t head;   /* size in bytes, with the header, and flags */
    /* From here on it is the caller's. Links count only in a list or a bin. */
    struct chunk *next, *previous;
};

static struct chunk *small[SMALL / ALIGNMENT + 1];
static struct chunk *bins[BINS];
static uint32_t words_with_bins, bins_with_chunks[WORDS];
static struct chunk *remainder; /* marked as used; NULL if there is none */
static uintptr_t heap_end;      /* the end of the last region; 0 before the first */

/* The linker defines both where all is linked statically, the loader else. */
extern char __heap_base, __heap_end __attribute__((__weak__));

static uint32_t size_of(const struct chunk *chunk) { return chunk->head & ~(uint32_t)FLAGS; }
static struct chunk *at(const void *start, uint32_t offset) {
    return (struct chunk *)((uintptr_t)start + offset);
}

static struct chunk *chunk_of(void *memory) {
    struct chunk *chunk = (struct chunk *)((uintptr_t)memory - HEADER);
    /* Freed twice, or not from here: memory is damaged already, or would be now. */
    if (((uintptr_t)memory & (ALIGNMENT - 1)) != 0 || (chunk->head & (USED | WAITING)) != USED)
        __builtin_trap();
    return chunk;
}

static void *memory_of(struct chunk *chunk) { return (char *)chunk + HEADER; }

/* The chunk's last four bytes are in the next one's header. */
static uint32_t chunk_size(size_t bytes) {
    return bytes <= ALIGNMENT - 4 ? ALIGNMENT : (bytes + 4 + ALIGNMENT - 1) & ~(size_t)(ALIGNMENT - 1);
}

static uint32_t bin_of(uint32_t size) {
    if (size < EXACT * ALIGNMENT)
        return size / ALIGNMENT;
    uint32_t power = 31 - __builtin_clz(size); /* 9 and up */
    return EXACT + (power - 9) * STEPS + ((size >> (power - 4)) & (STEPS - 1));
}

static void put(struct chunk *chunk, uint32_t size) {
    uint32_t bin = bin_of(size);
    chunk->previous = NULL;
    chunk->next = bins[bin];
    if (chunk->next != NULL)
        chunk->next->previous = chunk;
    bins[bin] = chunk;
    bins_with_chunks[bin / 32] |= 1u << bin % 32;
    words_with_bins |= 1u << bin / 32;
}

static void take(struct chunk *chunk) {
    uint32_t bin = bin_of(size_of(chunk));
    if (chunk->next != NULL)
        chunk->next->previous = chunk->previous;
    if (chunk->previous != NULL) {
        chunk->previous->next = chunk->next;
    } else if ((bins[bin] = chunk->next) == NULL) {
        bins_with_chunks[bin / 32] &= ~(1u << bin % 32);
        if (bins_with_chunks[bin / 32] == 0)
            words_with_bins &= ~(1u << bin / 32);
    }
}

/* The first bin from `bin` on that holds a chunk; BINS if there is none. */
static uint32_t next_bin(uint32_t bin) {
    uint32_t word = bin / 32;
    if (bin >= BINS)
        return BINS;
    uint32_t found = bins_with_chunks[word] & (~0u << bin % 32);
    if (found == 0) {
        uint32_t words = words_with_bins & (~0u << word) & ~(1u << word);
        if (words == 0)
            return BINS;
        word = __builtin_ctz(words);
        found = bins_with_chunks[word];
    }
    return word * 32 + __builtin_ctz(found);
}

/* Make used memory free: join it with its neighbours, and put it into its bin. */
static void release(struct chunk *chunk) {
    uint32_t size = size_of(chunk);
    struct chunk *next = at(chunk, size);
    if ((chunk->head & BEFORE_USED) == 0) {
        size += chunk->before;
        chunk = (struct chunk *)((uintptr_t)chunk - chunk->before);
        take(chunk);
    }
    if ((next->head & USED) == 0) {
        take(next);
        size += size_of(next);
        next = at(chunk, size);
    }
    chunk->head = size | BEFORE_USED; /* two free ones are never neighbours */
    next->head &= ~(uint32_t)BEFORE_USED;
    next->before = size;
    put(chunk, size);
}

/* Make a chunk `size` bytes long, which it has at least, and free what is behind. */
static void cut(struct chunk *chunk, uint32_t size) {
    uint32_t rest = size_of(chunk) - size;
    if (rest != 0) {
        chunk->head -= rest;
        at(chunk, size)->head = rest | USED | BEFORE_USED;
        release(at(chunk, size));
    }
}

/* Take a free chunk for use, whole. */
static struct chunk *use(struct chunk *chunk) {
    take(chunk);
    chunk->head |= USED;
    at(chunk, size_of(chunk))->head |= BEFORE_USED;
    return chunk;
}

/* A free chunk of at least `size`, for use; NULL if there is none. */
static struct chunk *fitting(uint32_t size) {
    uint32_t bin = bin_of(size);
    struct chunk *chunk = bins[bin];
    for (int tries = 0; chunk != NULL && tries < TRIES; chunk = chunk->next, tries++)
        if (size_of(chunk) >= size)
            return use(chunk);
    bin = next_bin(bin + 1); /* in which every one is */
    return bin == BINS ? NULL : use(bins[bin]);
}

static int free_remainder(void) {
    if (remainder == NULL)
        return 0;
    release(remainder);
    remainder = NULL;
    return 1;
}

/* Free what waits in lists. True if there was any. */
static int free_waiting(void) {
    int any = 0;
    for (uint32_t i = 1; i <= SMALL / ALIGNMENT; i++) {
        struct chunk *chunk = small[i];
        small[i] = NULL;
        while (chunk != NULL) {
            struct chunk *next = chunk->next;
            chunk->head &= ~(uint32_t)WAITING;
            release(chunk);
            chunk = next;
            any = 1;
        }
    }
    return any;
}

/* The end of 4 GiB would be 0: its last byte is not used. */
static uintptr_t address_of_page(size_t page) { return page < 65536 ? page * PAGE : UINT32_MAX; }

/* Make free what is between two addresses, which is the heap's from now on. */
static void add_region(uintptr_t start, uintptr_t end) {
    uint32_t flags = USED | BEFORE_USED;
    struct chunk *first;
    if (start == heap_end) { /* the last region goes on: its end becomes a chunk */
        first = (struct chunk *)(start - HEADER);
        flags = first->head & (USED | BEFORE_USED);
    } else { /* memory, which is behind the header, is aligned */
        first = (struct chunk *)(((start + HEADER + ALIGNMENT - 1) & ~(uintptr_t)(ALIGNMENT - 1)) - HEADER);
    }
    struct chunk *last = (struct chunk *)(((end - 2 * HEADER) & ~(uintptr_t)(ALIGNMENT - 1)) + HEADER);
    if ((uintptr_t)last < (uintptr_t)first + ALIGNMENT)
        return;
    last->head = USED | BEFORE_USED;
    heap_end = (uintptr_t)last + HEADER;
    first->head = ((uintptr_t)last - (uintptr_t)first) | flags;
    release(first);
}

/* Get memory in which a chunk of `size` fits. False if there is no more. */
static int grow(uint32_t size) {
    if (heap_end == 0) {
        uintptr_t start = (uintptr_t)&__heap_base, end = (uintptr_t)&__heap_end;
        end = end != 0 ? end : address_of_page(__builtin_wasm_memory_size(0)); /* 0: an older linker */
        if (end > start && end - start > 4 * ALIGNMENT) {
            add_region(start, end);
            return 1;
        }
        heap_end = 1; /* nothing ends there */
    }
    uint32_t pages = ((uint64_t)size + 2 * ALIGNMENT + PAGE - 1) / PAGE;
    size_t before = __builtin_wasm_memory_grow(0, pages);
    if (before == SIZE_MAX)
        return 0;
    add_region(address_of_page(before), address_of_page(before + pages));
    return 1;
}

/* A chunk of `size` or more, for use. */
static struct chunk *find(uint32_t size) {
    struct chunk *chunk;
    while ((chunk = fitting(size)) == NULL)
        if (!free_remainder() && !free_waiting() && !grow(size))
            return NULL;
    return chunk;
}

static struct chunk *find_small(uint32_t size) {
    uint32_t i = size / ALIGNMENT;
    struct chunk *chunk = small[i];
    if (chunk != NULL) {
        small[i] = chunk->next;
        chunk->head &= ~(uint32_t)WAITING;
        return chunk;
    }
    if (bins[i] != NULL) /* which holds this one size */
        return use(bins[i]);
    chunk = remainder;
    if (chunk == NULL || size_of(chunk) < size) {
        chunk = find(size);
        if (chunk == NULL || size_of(chunk) == size)
            return chunk;
        if (size_of(chunk) > REMAINDER)
            cut(chunk, REMAINDER);
        free_remainder();
    }
    uint32_t rest = size_of(chunk) - size;
    remainder = rest != 0 ? at(chunk, size) : NULL;
    if (remainder != NULL)
        remainder->head = rest | USED | BEFORE_USED;
    chunk->head -= rest;
    return chunk;
}

static void *allocate(size_t bytes) {
    if (bytes > PTRDIFF_MAX)
        return NULL;
    uint32_t size = chunk_size(bytes);
    struct chunk *chunk = size <= SMALL ? find_small(size) : find(size);
    if (chunk != NULL && size > SMALL)
        cut(chunk, size);
    return chunk != NULL ? memory_of(chunk) : NULL;
}

static void *or_no_memory(void *memory) {
    if (memory == NULL)
        errno = ENOMEM;
    return memory;
}

static void give_back(struct chunk *chunk) {
    uint32_t size = size_of(chunk);
    if (size > SMALL) {
        release(chunk);
        return;
    }
    chunk->head |= WAITING;
    chunk->next = small[size / ALIGNMENT];
    small[size / ALIGNMENT] = chunk;
}

/* Make a chunk in use larger where it is. False if what is behind it does not suffice. */
static int extend(struct chunk *chunk, uint32_t size) {
    struct chunk *next = at(chunk, size_of(chunk));
    if (next == remainder)
        free_remainder();
    else if ((next->head & WAITING) != 0 && size >= LARGE)
        free_waiting();
    uint32_t room = (next->head & USED) == 0 ? size_of(next) : 0;
    if ((uintptr_t)at(next, room) + HEADER == heap_end && size - size_of(chunk) > room) {
        if (!grow(size - size_of(chunk) - room))
            return 0;
        room = (next->head & USED) == 0 ? size_of(next) : 0;
    }
    if (size_of(chunk) + room < size)
        return 0;
    chunk->head += size_of(use(next));
    cut(chunk, size);
    return 1;
}

static void *allocate_aligned(size_t alignment, size_t bytes) {
    if (alignment <= ALIGNMENT)
        return allocate(bytes);
    if (bytes > PTRDIFF_MAX || alignment > PTRDIFF_MAX - bytes)
        return NULL;
    uint32_t size = chunk_size(bytes);
    struct chunk *chunk = find(size + alignment);
    if (chunk == NULL)
        return NULL;
    uintptr_t start = (uintptr_t)memory_of(chunk);
    uint32_t skipped = ((start + alignment - 1) & ~(uintptr_t)(alignment - 1)) - start;
    if (skipped != 0) {
        struct chunk *aligned = at(chunk, skipped);
        aligned->head = (size_of(chunk) - skipped) | USED | BEFORE_USED;
        chunk->head = skipped | (chunk->head & FLAGS);
        release(chunk);
        chunk = aligned;
    }
    cut(chunk, size);
    return memory_of(chunk);
}

PUBLIC void *malloc(size_t bytes) { return or_no_memory(allocate(bytes)); }

PUBLIC void free(void *memory) {
    if (memory != NULL)
        give_back(chunk_of(memory));
}

PUBLIC void *calloc(size_t count, size_t bytes) {
    size_t all;
    void *memory = __builtin_mul_overflow(count, bytes, &all) ? NULL : allocate(all);
    return memory != NULL ? memset(memory, 0, all) : or_no_memory(NULL);
}

/* realloc(p, 0) gives p back and returns memory of no bytes, as malloc(0) does: NULL says failure and nothing else. */
PUBLIC void *realloc(void *memory, size_t bytes) {
    if (memory == NULL || bytes > PTRDIFF_MAX)
        return or_no_memory(allocate(bytes));
    struct chunk *chunk = chunk_of(memory);
    uint32_t size = chunk_size(bytes), had = size_of(chunk);
    if (size <= had) {
        if (had > SMALL || had - size > had / 2)
            cut(chunk, size);
        return memory;
    }
    if (had > SMALL && extend(chunk, size))
        return memory;
    void *moved = allocate(bytes);
    if (moved == NULL)
        return or_no_memory(NULL);
    memcpy(moved, memory, had - 4);
    give_back(chunk);
    return moved;
}

PUBLIC void *reallocarray(void *memory, size_t count, size_t bytes) {
    size_t all;
    return __builtin_mul_overflow(count, bytes, &all) ? or_no_memory(NULL) : realloc(memory, all);
}

PUBLIC int posix_memalign(void **place, size_t alignment, size_t bytes) {
    if (alignment < sizeof(void *) || (alignment & (alignment - 1)) != 0)
        return EINVAL;
    void *memory = allocate_aligned(alignment, bytes);
    if (memory != NULL)
        *place = memory;
    return memory != NULL ? 0 : ENOMEM;
}

PUBLIC void *aligned_alloc(size_t alignment, size_t bytes) {
    if (alignment == 0 || (alignment & (alignment - 1)) != 0) {
        errno = EINVAL;
        return NULL;
    }
    return or_no_memory(allocate_aligned(alignment, bytes));
}

PUBLIC void *memalign(size_t alignment, size_t bytes) { return aligned_alloc(alignment, bytes); }
PUBLIC void *valloc(size_t bytes) { return aligned_alloc(PAGE, bytes); }
PUBLIC size_t malloc_usable_size(void *memory) { return memory != NULL ? size_of(chunk_of(memory)) - 4 : 0; }

/* musl's own names for them, where nothing of the program's may stand in between. There is only one heap here. */
void *__libc_malloc(size_t bytes) { return malloc(bytes); }
void *__libc_calloc(size_t count, size_t bytes) { return calloc(count, bytes); }
void __libc_free(void *memory) { free(memory); }
