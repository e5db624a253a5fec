#define _GNU_SOURCE
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <wchar.h>

/* Every length up to here, hence every alignment, with the last byte of the string the last of memory. */
enum { LONGEST = 70 };
static char *end;
static int failures;

static void check(int right, const char *what, int length) {
    if (!right && failures++ < 20)
        printf("%s is wrong at length %d\n", what, length);
}

#define CHECK(condition) check(condition, #condition, n)

int main(void) {
    while (__builtin_wasm_memory_grow(0, 1) != SIZE_MAX)
        continue;
    end = (char *)(__builtin_wasm_memory_size(0) * 65536);
    static char copy[LONGEST + 1], other[LONGEST + 1];
    for (int n = 0; n < LONGEST; n++) {
        char *s = end - n - 1;
        memset(s, 'a', n);
        s[n] = 0;
        memset(other, 'a', n);
        other[n] = 0;
        CHECK(strlen(s) == n);
        CHECK(strnlen(s, 1000) == n);
        CHECK(strchr(s, 'b') == NULL);
        CHECK(strchr(s, 0) == s + n);
        CHECK(strchrnul(s, 'b') == s + n);
        CHECK(strrchr(s, 'b') == NULL);
        CHECK(strrchr(s, 'a') == (n > 0 ? s + n - 1 : NULL));
        CHECK(index(s, 'b') == NULL && rindex(s, 'b') == NULL);
        CHECK(strspn(s, "ab") == n);
        CHECK(strspn(s, "a") == n);
        CHECK(strcspn(s, "b") == n);
        CHECK(strcspn(s, "bc") == n);
        CHECK(strpbrk(s, "bc") == NULL);
        CHECK(strstr(s, "b") == NULL);
        CHECK(strstr(s, "ab") == NULL && strstr(s, "aab") == NULL && strstr(s, "aaab") == NULL && strstr(s, "aaaab") == NULL);
        CHECK(strstr(other, s) == other);
        CHECK(strcasestr(s, "AB") == NULL);
        CHECK(strcmp(s, other) == 0 && strcmp(other, s) == 0);
        CHECK(strncmp(s, other, 1000) == 0 && strcasecmp(s, other) == 0 && strncasecmp(other, s, 1000) == 0);
        CHECK(strcoll(s, other) == 0);
        CHECK(memcmp(s, other, n + 1) == 0 && bcmp(other, s, n + 1) == 0);
        CHECK(memchr(s, 0, 1000) == s + n);
        CHECK(memchr(s, 'b', n + 1) == NULL);
        CHECK(memrchr(s, 'b', n + 1) == NULL);
        CHECK(memmem(s, n + 1, "ab", 2) == NULL && memmem(s, n + 1, "aaaab", 5) == NULL);
        CHECK(memmem(s, n + 1, "", 1) == s + n);
        CHECK(strcpy(copy, s) == copy && strlen(copy) == n);
        CHECK(stpcpy(copy, s) == copy + n);
        CHECK(strncpy(copy, s, sizeof copy) == copy && copy[LONGEST] == 0);
        CHECK(strlcpy(copy, s, sizeof copy) == n);
        copy[0] = 0;
        CHECK(strcat(copy, s) == copy && strlen(copy) == n);
        copy[0] = 0;
        CHECK(strlcat(copy, s, sizeof copy) == n);
        CHECK(memccpy(copy, s, 0, 1000) == copy + n + 1);
        CHECK(mempcpy(copy, s, n + 1) == copy + n + 1);
        CHECK(strtol(s, NULL, 10) == 0 && strtod(s, NULL) == 0);
        CHECK(strverscmp(s, other) == 0);
        char *rest = s;
        CHECK(strsep(&rest, "b") == s && rest == NULL);
        CHECK(strtok_r(s, "b", &rest) == (n > 0 ? s : NULL));
        strcpy(s, other);
        CHECK(mbstowcs(NULL, s, 0) == n);
        for (int i = 0; i < n; i++)
            s[i] = '0' + i % 10;
        CHECK(strtoull(s, &rest, 10) > 0 || n < 2);
        CHECK(rest == s + n);
    }
    for (int n = 0; n < LONGEST; n++) {
        wchar_t *s = (wchar_t *)end - n - 1;
        wmemset(s, L'a', n);
        s[n] = 0;
        CHECK(wcslen(s) == n && wcsnlen(s, 1000) == n);
        CHECK(wcschr(s, L'b') == NULL && wcsrchr(s, L'b') == NULL);
        CHECK(wcsspn(s, L"ab") == n && wcscspn(s, L"bc") == n);
        CHECK(wcsstr(s, L"ab") == NULL && wcspbrk(s, L"b") == NULL);
        CHECK(wmemchr(s, L'b', n + 1) == NULL);
        CHECK(wcscmp(s, L"b") < 0);
    }
    printf("%d failures\n", failures);
    return 0;
}
