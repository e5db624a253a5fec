#define _GNU_SOURCE
#include <ctype.h>
#include <errno.h>
#include <iconv.h>
#include <langinfo.h>
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <uchar.h>
#include <unistd.h>
#include <wchar.h>
#include <wctype.h>

static int failures;
#define CHECK(condition) (void)((condition) || (failures++, printf("line %d: %s: %s\n", __LINE__, #condition, strerror(errno))))

static void convert(const char *to, const char *from, const char *text) {
    char in[100], out[100], *source = in, *target = out;
    size_t left = strlen(text), room = sizeof out;
    strcpy(in, text);
    iconv_t cd = iconv_open(to, from);
    size_t result = cd == (iconv_t)-1 ? (size_t)-2 : iconv(cd, &source, &left, &target, &room);
    printf("%s to %s: %zd", from, to, (ssize_t)result);
    for (char *p = out; p < target; p++)
        printf(" %02x", (unsigned char)*p);
    printf(result == (size_t)-1 ? " %s\n" : "\n", strerror(errno));
    if (cd != (iconv_t)-1)
        iconv_close(cd);
}

int main(void) {
    CHECK(strcmp(setlocale(LC_ALL, NULL), "C") == 0);
    CHECK(setlocale(LC_ALL, "C.UTF-8") != NULL && strcmp(nl_langinfo(CODESET), "UTF-8") == 0);
    wchar_t wide[50];
    char text[100];
    CHECK(mbstowcs(wide, "a\u00e9\u20ac\U0001f600", 50) == 4 && wide[1] == 0xe9 && wide[2] == 0x20ac && wide[3] == 0x1f600);
    CHECK(wcstombs(text, wide, sizeof text) == 10 && strcmp(text, "a\u00e9\u20ac\U0001f600") == 0);
    mbstate_t state = {0};
    wchar_t c;
    CHECK(mbrtowc(&c, "\xe2", 1, &state) == (size_t)-2 && mbrtowc(&c, "\x82\xac", 2, &state) == 2 && c == 0x20ac);
    CHECK(mbrtowc(&c, "\xff", 1, &state) == (size_t)-1 && errno == EILSEQ);
    CHECK(mblen("\u00e9", 4) == 2 && MB_CUR_MAX == 4 && wctomb(text, 0x20ac) == 3);
    char16_t sixteen[2];
    memset(&state, 0, sizeof state);
    CHECK(mbrtoc16(&sixteen[0], "\U0001f600", 4, &state) == 4 && mbrtoc16(&sixteen[1], "", 0, &state) == (size_t)-3 && sixteen[0] == 0xd83d && sixteen[1] == 0xde00);
    CHECK(towupper(0xe9) == 0xc9 && towlower(0x416) == 0x436 && iswalpha(0x416) && !iswalpha(0x20ac) && iswspace(0x2003) && iswctype(L'7', wctype("digit")));
    CHECK(towctrans(L'a', wctrans("toupper")) == L'A' && wcwidth(0x4e2d) == 2 && wcwidth(0x301) == 0 && wcswidth(L"ab", 2) == 2);
    CHECK(wcscmp(wcscat(wcscpy(wide, L"one"), L" two"), L"one two") == 0 && wcslen(wide) == 7 && wcsstr(wide, L"two") == wide + 4);
    wchar_t *rest, *end;
    CHECK(wcscmp(wcstok(wide, L" ", &rest), L"one") == 0 && wcscmp(wcstok(NULL, L" ", &rest), L"two") == 0);
    CHECK(wcstol(L"-123x", &end, 10) == -123 && *end == L'x' && wcstod(L"1.5e3", NULL) == 1500 && wcstoull(L"0xff", NULL, 0) == 255);
    CHECK(wcstold(L"0.1", NULL) == 0.1L);
    CHECK(wcscasecmp(L"AbC", L"aBc") == 0 && wmemcmp(L"ab", L"ac", 2) < 0 && wcscoll(L"a", L"b") < 0);
    CHECK(swprintf(wide, 50, L"%d %ls %s %c %lc", 5, L"w\u00e9", "n\u00e9", 'x', 0x20ac) == 11 && wcscmp(wide, L"5 w\u00e9 n\u00e9 x \u20ac") == 0);
    CHECK(swprintf(wide, 3, L"%d", 12345) == -1);
    int number;
    CHECK(swscanf(L"42 word", L"%d %ls", &number, wide) == 2 && number == 42 && wcscmp(wide, L"word") == 0);
    CHECK(snprintf(text, sizeof text, "%ls|%.3ls|%lc", L"\u00e9\u20ac", L"\u00e9\u20ac", 0xe9) == 11);
    FILE *file = fopen("wide", "w+");
    CHECK(fwide(file, 1) > 0 && fputws(L"\u20acb\nc", file) >= 0 && fputwc(0xe9, file) == 0xe9 && fwprintf(file, L"%d", 7) == 1);
    rewind(file);
    CHECK(fgetwc(file) == 0x20ac && ungetwc(0x416, file) == 0x416 && fgetwc(file) == 0x416);
    CHECK(fgetws(wide, 50, file) == wide && wcscmp(wide, L"b\n") == 0);
    CHECK(fwscanf(file, L"c%lc%d", &c, &number) == 2 && c == 0xe9 && number == 7 && fgetwc(file) == WEOF && feof(file));
    fclose(file);
    file = fopen("wide", "w");
    fputs("\xff\xfe", file);
    fclose(file);
    file = fopen("wide", "r");
    CHECK(fgetwc(file) == WEOF && errno == EILSEQ);
    fclose(file);
    file = open_wmemstream(&rest, &(size_t){0});
    fputws(L"in memory", file);
    CHECK(fclose(file) == 0 && wcscmp(rest, L"in memory") == 0);
    locale_t locale = newlocale(LC_ALL_MASK, "C", NULL), old = uselocale(locale);
    CHECK(locale != NULL && strcmp(nl_langinfo(CODESET), "ASCII") == 0 && strcmp(nl_langinfo_l(DAY_1, locale), "Sunday") == 0);
    CHECK(strtod_l("1.5", NULL, locale) == 1.5 && toupper_l('a', locale) == 'A' && strcmp(localeconv()->decimal_point, ".") == 0);
    uselocale(old);
    freelocale(locale);
    CHECK(setlocale(LC_ALL, "xx_YY") == NULL || strcmp(nl_langinfo(RADIXCHAR), ".") == 0);
    unlink("wide");
    convert("UTF-8", "ISO-8859-1", "caf\xe9");
    convert("UTF-16LE", "UTF-8", "\u20ac");
    convert("UTF-8", "EUC-JP", "\xc6\xfc");
    convert("UTF-8", "GB18030", "\xd6\xd0");
    convert("UTF-8", "BIG5", "\xa4\xa4");
    convert("UTF-8", "SHIFT_JIS", "\x93\xfa");
    convert("ASCII", "UTF-8", "\u00e9");
    convert("UTF-8", "UTF-8", "\xff");
    convert("UTF-8", "nothing", "");
    printf("%d failures\n", failures);
    return 0;
}
