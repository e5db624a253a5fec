/* What programs ask of a C library most, each load some ten milliseconds of it. Compiled with -fno-builtin, so that what
 * is measured is the library's and not the compiler's. */

#define _GNU_SOURCE
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { TEXT = 128 * 1024, WORDS = 4096 };

static char text[TEXT + 1], copy[TEXT + 1], words[WORDS][48];
static uint32_t state;

static uint32_t next(void) { return (state = state * 1664525u + 1013904223u) >> 8; }

static void prepare(void) {
    state = 7;
    for (int i = 0; i < TEXT; i++)
        text[i] = i % 10 == 9 ? '\n' : (char)('a' + next() % 26);
    for (int i = 0; i < WORDS; i++) {
        int length = 3 + (int)(next() % 40);
        for (int k = 0; k < length; k++)
            words[i][k] = (char)('a' + next() % 26);
        words[i][length] = 0;
    }
}

static long strlen_of_words(void) {
    long sum = 0;
    for (int turn = 0; turn < 400; turn++)
        for (int i = 0; i < WORDS; i++)
            sum += (long)strlen(words[i]);
    return sum;
}

static long strlen_of_text(void) {
    long sum = 0;
    for (int turn = 0; turn < 3000; turn++)
        sum += (long)strlen(text + turn % 16);
    return sum;
}

/* The last 2 KiB alone: some look for the end of the text in each call, and need a minute for the whole. */
static long strchr_of_lines(void) {
    long sum = 0;
    for (int turn = 0; turn < 960; turn++)
        for (char *line = text + TEXT - 2048, *end; (end = strchr(line, '\n')) != NULL; line = end + 1)
            sum += end - line;
    return sum;
}

static long memchr_of_text(void) {
    long sum = 0;
    for (int turn = 0; turn < 3000; turn++)
        sum += memchr(text + turn % 16, '~', TEXT - 16) == NULL;
    return sum;
}

static long strstr_of_text(void) {
    long sum = 0;
    for (int turn = 0; turn < 60; turn++)
        sum += strstr(text, "no such words in it") == NULL;
    return sum;
}

static long strcmp_of_words(void) {
    long sum = 0;
    for (int turn = 0; turn < 300; turn++)
        for (int i = 0; i < WORDS; i++)
            sum += strcmp(words[i], words[(i + turn) % WORDS]) < 0;
    return sum;
}

static long spans_of_text(void) {
    long sum = 0;
    for (int turn = 0; turn < 480; turn++)
        for (const char *at = text + TEXT - 2048; *at != 0;) {
            at += strcspn(at, " \t\n");
            at += strspn(at, " \t\n");
            sum++;
        }
    return sum;
}

static long memcpy_of_words(void) {
    long sum = 0;
    for (int turn = 0; turn < 600; turn++)
        for (int i = 0; i < WORDS; i++) {
            memcpy(copy + (i & 63), words[i], (size_t)(i * 7 % 48));
            sum += copy[i & 63];
        }
    return sum;
}

static long memcpy_of_text(void) {
    for (int turn = 0; turn < 2000; turn++)
        memcpy(copy + turn % 16, text, TEXT - 16);
    return copy[100];
}

static long memset_and_memcmp(void) {
    long sum = 0;
    for (int turn = 0; turn < 1500; turn++) {
        memset(copy, turn, TEXT);
        sum += memcmp(copy, copy + 1, TEXT - 1);
        for (int i = 0; i < 400; i++)
            memset(copy + i, i, (size_t)(i % 60));
    }
    return sum;
}

static long malloc_small(void) {
    static void *held[1000];
    for (int turn = 0; turn < 600; turn++) {
        for (int i = 0; i < 1000; i++)
            held[i] = malloc(24 + (size_t)(i % 5) * 8);
        for (int i = 0; i < 1000; i++)
            free(held[i]);
    }
    return held[0] != NULL;
}

static long malloc_mixed(void) {
    static void *held[4096];
    state = 11;
    for (int turn = 0; turn < 400000; turn++) {
        uint32_t at = next() % 4096, size = next() % 16 == 0 ? next() % 20000 : next() % 300;
        free(held[at]);
        held[at] = malloc(size);
    }
    for (int i = 0; i < 4096; i++) {
        free(held[i]);
        held[i] = NULL;
    }
    return 0;
}

static long realloc_grows(void) {
    long sum = 0;
    for (int turn = 0; turn < 300; turn++) {
        char *buffer = NULL;
        for (size_t size = 16; size < 200000; size += size / 2) {
            buffer = realloc(buffer, size);
            buffer[size - 1] = 1;
            sum++;
        }
        free(buffer);
    }
    return sum;
}

static int compare(const void *one, const void *other) {
    uint32_t a = *(const uint32_t *)one, b = *(const uint32_t *)other;
    return (a > b) - (a < b);
}

static long qsort_of_numbers(void) {
    static uint32_t numbers[50000];
    state = 3;
    for (int i = 0; i < 50000; i++)
        numbers[i] = next();
    qsort(numbers, 50000, sizeof *numbers, compare);
    return numbers[25000];
}

static long printf_of_floats(void) {
    char line[100];
    long sum = 0;
    for (int i = 1; i < 20000; i++)
        sum += snprintf(line, sizeof line, "%d %.17g %f %e", i, 1.0 / i, i * 3.7, i * 1e100);
    return sum;
}

static long printf_of_integers(void) {
    char line[100];
    long sum = 0;
    for (int i = 1; i < 60000; i++)
        sum += snprintf(line, sizeof line, "%d: %s %08x %lld", i, "name", i * 77, (long long)i * i);
    return sum;
}

static long strtod_of_texts(void) {
    static const char *const numbers[] = {"3.14159265358979", "1e100", "-0.000123456789", "12345.678", "1.7976931348623157e308"};
    double sum = 0;
    for (int i = 0; i < 100000; i++)
        sum += strtod(numbers[i % 5], NULL) > 1;
    return (long)sum;
}

static long lines_of_a_file(void) {
    long sum = 0;
    char line[100];
    for (int turn = 0; turn < 8; turn++) {
        FILE *file = fmemopen(text, TEXT, "r");
        if (file == NULL)
            return -1;
        while (fgets(line, sizeof line, file) != NULL)
            sum += line[0];
        fclose(file);
    }
    return sum;
}

static long (*const loads[])(void) = {
    strlen_of_words, strlen_of_text, strchr_of_lines,  memchr_of_text,   strstr_of_text,     strcmp_of_words,
    spans_of_text,   memcpy_of_words, memcpy_of_text,  memset_and_memcmp, malloc_small,      malloc_mixed,
    realloc_grows,   qsort_of_numbers, printf_of_floats, printf_of_integers, strtod_of_texts, lines_of_a_file,
};

__attribute__((visibility("default"), export_name("perform"))) long perform(int load) {
    if (text[0] == 0)
        prepare();
    return loads[load]();
}

int main(void) { return 0; }
