#define _GNU_SOURCE
#include <arpa/inet.h>
#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <locale.h>
#include <math.h>
#include <netinet/in.h>
#include <regex.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <time.h>
#include <unistd.h>
#include <wchar.h>

static int failures;
#define CHECK(condition) (void)((condition) || (failures++, printf("line %d: %s: %s\n", __LINE__, #condition, strerror(errno))))

static int compared(const char *format, double value, const char *expected) {
    char text[200];
    snprintf(text, sizeof text, format, value);
    if (strcmp(text, expected) != 0)
        printf("%s: %s, not %s\n", format, text, expected);
    return strcmp(text, expected) == 0;
}

static FILE *file_of(const char *text) {
    FILE *f = fopen("f", "w+");
    fputs(text, f);
    rewind(f);
    return f;
}

int main(void) {
    char text[100], other[100];
    int a = 0, b = 0, n = 0;

    CHECK(compared("%.0a", 1.5, "0x2p+0") && compared("%.1a", 0x1.08p0, "0x1.0p+0") && compared("%.0f", 0.5, "0") && compared("%.0f", 1.5, "2"));
    CHECK(compared("%g", 100000, "100000") && compared("%g", 1000000, "1e+06") && compared("%#g", 1, "1.00000") && compared("%.3g", 0.00012345, "0.000123") && compared("%g", 9.9999995e5, "1e+06"));
    CHECK(compared("%.17g", 5e-324, "4.9406564584124654e-324") && compared("%.1e", 9.96, "1.0e+01") && compared("%010.2f", -3.14159, "-000003.14") && compared("%+.3e", 0, "+0.000e+00"));
    CHECK(snprintf(text, 0, "%s", "long") == 4 && snprintf(text, 1, "%s", "long") == 4 && *text == 0);
    CHECK(snprintf(text, sizeof text, "%.0d|%+.0d|% .0d|%#.0o|%.0x", 0, 0, 0, 0, 0) == 7 && strcmp(text, "|+| |0|") == 0);
    CHECK(snprintf(text, sizeof text, "%-+6.3d|%06d|%x", 5, -5, INT_MIN) == 22 && strcmp(text, "+005  |-00005|80000000") == 0);
    CHECK(snprintf(text, sizeof text, "%.*s|%.*f", -1, "all", -1, 1.5) == 12 && strcmp(text, "all|1.500000") == 0);
    CHECK(snprintf(NULL, 0, "%2147483647d%d", 1, 1) == -1 && errno == EOVERFLOW);

    CHECK(strtod("0x.1p4", NULL) == 1 && strtod("0x", (char **)&a) == 0 && strtod("1e", NULL) == 1 && strtod("infinityx", NULL) == INFINITY && strtod(".", NULL) == 0);
    CHECK(strtod("179769313486231580793728971405301e277", NULL) == INFINITY && strtod("0.000000000000000000000000000000000000011754943508222875e-270", NULL) > 0);
    CHECK(strtod("9007199254740993", NULL) == 9007199254740992. && strtod("9007199254740993.0000000000000000000000000001", NULL) == 9007199254740994.);
    CHECK(strtof("1.17549429e-38", NULL) > 0 && isnan(strtod("nan", NULL)) && signbit(strtod("-0", NULL)));
    errno = 0;
    CHECK(strtoul("-9223372036854775808", NULL, 10) == ULONG_MAX && errno == ERANGE && strtol("", NULL, 99) == 0 && errno == EINVAL);
    char *end;
    CHECK(strtol("0xg", &end, 16) == 0 && *end == 'x' && strtol("  +5", &end, 10) == 5 && strtol("-", &end, 10) == 0 && *end == '-');

    CHECK(sscanf("", "%d", &a) == EOF && sscanf("  ", " %d", &a) == EOF && sscanf("a", "a%n%d", &n, &a) == EOF && n == 1);
    CHECK(sscanf("1a", "%da%db", &a, &b) == 1 && sscanf("0x", "%x", &a) <= 1 && sscanf("abc", "%2c", text) == 1);
    CHECK(sscanf("ab-]c", "%[]a-]%n", text, &n) == 1 && strcmp(text, "a") == 0 && sscanf("5%6", "%d%%%d", &a, &b) == 2 && b == 6);
    CHECK(sscanf("12345", "%2d%1d%n", &a, &b, &n) == 2 && a == 12 && b == 3 && n == 3 && sscanf("hello world", "%*s %s", text) == 1);
    FILE *f = file_of("12 abc\nrest");
    CHECK(fscanf(f, "%d abcd", &a) == 1 && ftell(f) == 6 && fscanf(f, "%s", text) == 1 && strcmp(text, "rest") == 0);
    CHECK(fgetc(f) == EOF && feof(f) && fseek(f, 0, SEEK_SET) == 0 && !feof(f) && fgetc(f) == '1' && fclose(f) == 0);
    f = file_of("x");
    memset(text, 'o', sizeof text);
    CHECK(fgets(text, 2, f) == text && text[1] == 0 && fgets(text, 1, f) != text + 1 && fgets(other, 10, f) == NULL && fclose(f) == 0);
    f = file_of("abc");
    rewind(f);
    CHECK(ungetc(EOF, f) == EOF && fgetc(f) == 'a' && ungetc('q', f) == 'q' && fread(text, 1, 3, f) == 3 && memcmp(text, "qbc", 3) == 0 && fclose(f) == 0);
    f = fopen("f", "a");
    CHECK(fputs("more", f) >= 0 && ftell(f) == 7 && fclose(f) == 0);
    f = fopen("f", "r");
    CHECK(fputc('x', f) == EOF && ferror(f) && (rewind(f), !ferror(f)) && fclose(f) == 0);
    f = fopen("f", "w+");
    for (int i = 0; i < 5000; i++)
        fprintf(f, "%d\n", i);
    CHECK(fseek(f, 0, SEEK_SET) == 0 && fscanf(f, "%d", &a) == 1 && a == 0 && fseek(f, -5, SEEK_END) == 0 && fscanf(f, "%d", &a) == 1 && a == 4999 && fclose(f) == 0);
    CHECK(fopen("", "r") == NULL && errno == ENOENT && access("", F_OK) == -1 && errno == ENOENT && chdir("") == -1);
    char *memory;
    size_t size;
    f = open_memstream(&memory, &size);
    CHECK(fseek(f, 5, SEEK_SET) == 0 && fputc('x', f) == 'x' && fclose(f) == 0 && size == 6 && memory[0] == 0 && memory[5] == 'x');
    free(memory);
    unlink("f");

    CHECK(memmem("abcde", 4, "cde", 3) == NULL && memmem("abc", 3, "", 0) != NULL && memmem("ab", 2, "abc", 3) == NULL);
    CHECK(strstr("aabaabaab", "aabaab") != NULL && strstr("playing play play play always", "play play play always") != NULL && strcasestr("HeLLo", "ell") != NULL);
    CHECK(wcsstr(L"playing play play play always", L"play play play always") != NULL);
    CHECK(strverscmp("foobar-1.1.2", "foobar-1.1.3") < 0 && strverscmp("2.6.20", "2.6.18") > 0 && strverscmp("010", "09") < 0 && strverscmp("09", "0") < 0);
    CHECK(strncasecmp("abc", "ABD", 2) == 0 && strcasecmp("a_", "aA") < 0 && memcmp("\xff", "\x01", 1) > 0 && strcmp("\xff", "\x01") > 0);
    wchar_t wide[10] = L"xxxxxxxxx";
    CHECK(wcsncpy(wide, L"ab", 4) == wide && wide[2] == 0 && wide[3] == 0 && wide[4] == L'x');
    const char *many = "\u00e9\u00e9\u00e9";
    mbstate_t state = {0};
    setlocale(LC_CTYPE, "C.UTF-8");
    CHECK(mbsrtowcs(wide, &many, 2, &state) == 2 && strcmp(many, "\u00e9") == 0 && mbsnrtowcs(wide, &many, 1, 5, &state) == 0);
    memset(&state, 0, sizeof state);
    CHECK(wcrtomb(text, 0xd800, &state) == (size_t)-1 && errno == EILSEQ && mbtowc(NULL, NULL, 0) == 0 && mbtowc(wide, "\xc0\x80", 2) == -1);
    CHECK(uselocale(0) == LC_GLOBAL_LOCALE && btowc(EOF) == WEOF && wctob(0xe9) == EOF);

    struct in6_addr six;
    struct in_addr four;
    CHECK(inet_pton(AF_INET6, "1:2:3:4:5:6:7::", &six) == 1 && inet_pton(AF_INET6, ":1", &six) == 0 && inet_pton(AF_INET6, "::ffff:1.2.3.4", &six) == 1 && inet_pton(AF_INET6, "1::2::3", &six) == 0);
    CHECK(inet_aton("1", &four) == 1 && four.s_addr == htonl(1) && inet_aton("0x7f.1", &four) == 1 && inet_aton("1.2.3.4.5", &four) == 0 && inet_pton(AF_INET, "01.2.3.4", &four) <= 1);
    CHECK(strcmp(inet_ntop(AF_INET6, &(struct in6_addr){.s6_addr = {[15] = 1}}, text, sizeof text), "::1") == 0 && inet_ntop(AF_INET, &four, text, 3) == NULL && errno == ENOSPC);
    regex_t regex;
    regmatch_t match[2];
    CHECK(regcomp(&regex, "\\(^a\\)b\\{1,2\\}", 0) == 0 && regexec(&regex, "abbb", 2, match, 0) == 0 && match[0].rm_eo == 3 && regexec(&regex, "xab", 0, NULL, 0) == REG_NOMATCH);
    regfree(&regex);
    CHECK(regcomp(&regex, "[^[:upper:]]\\{2\\}$", REG_NOSUB) == 0 && regexec(&regex, "ABab", 0, NULL, 0) == 0);
    regfree(&regex);
    unsigned short seed[3] = {0xffff, 0xffff, 0xffff};
    CHECK(jrand48(seed) >= INT32_MIN && lcong48 != NULL && (srand48(0), lrand48()) == 366850414);
    CHECK(setenv("X", "1", 1) == 0 && putenv(strcpy(text, "X=2")) == 0 && unsetenv("X") == 0 && getenv("X") == NULL && putenv(strdup("Y")) == 0);
    struct tm t = {.tm_year = INT_MAX};
    errno = 0;
    CHECK(gmtime_r(&(time_t){INT64_MAX}, &t) == NULL && errno == EOVERFLOW);
    CHECK(strftime(other, 3, "%Y", &(struct tm){.tm_year = 124}) == 0 && strftime(other, 5, "%Y", &(struct tm){.tm_year = 124}) == 4);
    CHECK(fmin(NAN, 1) == 1);
    CHECK(fmax(-0.0, 0.0) == 0);
    CHECK(remainder(5, 3) == -1);
    CHECK(nextafter(0, 1) == 0x1p-1074);
    CHECK(lround(-0.5) == -1);
    CHECK(pow(-8, 1. / 3) != pow(-8, 1. / 3));
    CHECK(fmod(5.5, -2) == 1.5);
    CHECK(ilogb(0) == FP_ILOGB0);
    CHECK(hypot(3, 4) == 5);
    CHECK(isalpha(EOF) == 0 && tolower(EOF) == EOF && abs(-5) == 5 && labs(LONG_MIN + 1) == LONG_MAX);
    printf("%d failures\n", failures);
    return 0;
}
