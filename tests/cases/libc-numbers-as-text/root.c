#include <complex.h>
#include <errno.h>
#include <fenv.h>
#include <float.h>
#include <inttypes.h>
#include <limits.h>
#include <math.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <tgmath.h>

int in_library(char *text, const char *format, ...);
long double read_in_library(const char *text);

int main(void) {
    char text[200];
    volatile long double third = 1.0L / 3, large = LDBL_MAX, tiny = LDBL_MIN;
    printf("%Lf|%.30Lf|%Lg|%La|%Le\n", third, third, large, third, tiny);
    printf("%.1f %.0f %.3e %g %g %a %A %G\n", 2.25, 2.5, 12345.678, 1e10, 0.0001, 1.0, -0.5, 1e-10);
    printf("%f %F %e %g %a %+f % f\n", (double)INFINITY, (double)-INFINITY, (double)NAN, -0.0, 0.0, 1.0, 1.0);
    printf("%.50g\n%.20f\n%.*f|%*d|%-*d|\n", 0.1, 1e22, 3, 3.14159, 6, 42, 6, 42);
    printf("%d %i %u %o %x %X %#x %#o %+d % d %05d %-5d| %5.3d %c %s %.2s %5s %-5s| %p %%\n", -1, 2, 3u, 8, 255, 255, 255, 8, 1, 1, 42, 42, 7, 'c', "str", "str", "ab", "ab", (void *)16);
    printf("%hhd %hd %ld %lld %jd %zd %td %" PRId64 " %" PRIx32 "\n", (char)300, (short)70000, LONG_MIN, LLONG_MIN, INTMAX_MAX, (size_t)-1, (ptrdiff_t)-1, INT64_MIN, UINT32_MAX);
    printf("%2$s %1$d %2$s\n", 1, "two");
    int count;
    printf("abc%n", &count);
    printf(" %d\n", count);
    in_library(text, "%.25Lg %Lf %d %s", third, 2.5L, 3, "and");
    puts(text);
    printf("%d %d %d\n", read_in_library("0.1") == 0.1L, read_in_library("1e4000") == 1e4000L, read_in_library("0x1.8p1") == 3);
    printf("%d %d\n", snprintf(NULL, 0, "%d", 12345), snprintf(text, 4, "%d", 12345));
    puts(text);

    char *end;
    errno = 0;
    printf("%g %s", strtod("  -1.5e2xyz", &end), end);
    printf(" %g %g %g", strtod("inf", NULL), strtod("nan(1)", NULL), strtod("0x1p-3", NULL));
    printf(" %d\n", strtod("1e999", NULL) == HUGE_VAL && errno == ERANGE);
    printf("%a %a %a\n", strtod("2.2250738585072011e-308", NULL), strtod("1.7976931348623157e308", NULL), strtod("4.9e-324", NULL));
    printf("%a %La\n", strtof("16777217.0000001", NULL), strtold("1.18973149535723176508575932662800702e+4932", NULL));
    errno = 0;
    printf("%ld %ld %lu %d", strtol("0x7f", NULL, 0), strtol("077", NULL, 0), strtoul("-1", NULL, 10), errno);
    printf(" %d %d\n", strtol("99999999999", NULL, 10) == LONG_MAX && errno == ERANGE, strtoll("zz", &end, 36) == 35 * 36 + 35);
    printf("%jd %ju %d %ld %lld %g\n", strtoimax("-5", NULL, 10), strtoumax("5", NULL, 10), atoi("12x"), atol("-3"), atoll("9000000000"), atof("2.5"));

    int i, j;
    unsigned u;
    char word[20], set[20], one;
    double d;
    float f;
    long double ld;
    long long ll;
    void *p;
    int n = sscanf("42 -7 0x1f word abc123 x 1.5 2.5 3.5 9000000000 0x10", "%d %i %x %19s %19[a-z]%*d %c %lf %f %Lf %lld %p", &i, &j, &u, word, set, &one, &d, &f, &ld, &ll, &p);
    printf("%d: %d %d %x %s %s %c %g %g %Lg %lld %p\n", n, i, j, u, word, set, one, d, f, ld, ll, p);
    n = sscanf("12:34", "%d:%d%n", &i, &j, &u);
    printf("%d %d %d %u; %d %d\n", n, i, j, u, sscanf("", "%d", &i), sscanf("x", "%d", &i));
    printf("%d", sscanf("a,b", "%m[^,],%ms", &end, &p));
    printf(" %s %s\n", end, (char *)p);
    printf("%Lg %Lg %Lg %Lg %d\n", sqrtl(2), powl(2, 0.5L), expl(1), sinl(1), (int)lrintl(2.5L));
    printf("%.17g %.17g %.17g %.17g %.17g\n", tgamma(5), erf(0.5), j0(1), cbrt(27), fma(2, 3, 4));
    printf("%g %g %d %d %d\n", creal(csqrt(-1)), cimag(csqrt(-1)), fpclassify(0.0), signbit(-0.0) != 0, isnan(NAN) != 0);
    printf("%g %d %g\n", frexp(8, &i), i, ldexp(1, 4));
    printf("%d %d %lld\n", div(-7, 2).quot, div(-7, 2).rem, lldiv(-7, 2).rem);
    printf("%d %d\n", fegetround() == FE_TONEAREST, fetestexcept(FE_ALL_EXCEPT));
    return 0;
}
