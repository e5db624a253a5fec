/* What of LAPACK is here: solving by LU and by Cholesky, an inverse, in four types of numbers. */
#include <cblas.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

enum { N = 150 };

#define DECLARE(t, T) \
    int t##gesv_(const int *n, const int *nrhs, T *a, const int *lda, int *pivots, T *b, const int *ldb, int *info); \
    int t##potrf_(const char *uplo, const int *n, T *a, const int *lda, int *info); \
    int t##potri_(const char *uplo, const int *n, T *a, const int *lda, int *info);

/* A matrix with a heavy diagonal, which is its own transpose; x is known, and b is their product. */
#define CHECK(t, T, gemv, error_most) \
    static void check_##t(void) { \
        static T a[N * N], kept[N * N], x[N], b[N]; \
        T one = 1, zero = 0; \
        int n = N, nrhs = 1, pivots[N], info = -1; \
        for (int i = 0; i < N; i++) \
            for (int j = 0; j < N; j++) a[N * i + j] = i == j ? N : (T)((i * j) % 7 - 3) / 4; \
        for (int i = 0; i < N; i++) x[i] = (T)(i % 11) - 5; \
        for (int i = 0; i < N * N; i++) kept[i] = a[i]; \
        gemv; \
        t##gesv_(&n, &nrhs, a, &n, pivots, b, &n, &info); \
        if (info != 0) fail(#t "gesv", info); \
        for (int i = 0; i < N; i++) \
            if (!(fabs((double)(b[i] - x[i])) < error_most)) fail(#t "gesv", i); \
        for (int i = 0; i < N * N; i++) a[i] = kept[i]; \
        t##potrf_("L", &n, a, &n, &info); \
        if (info != 0) fail(#t "potrf", info); \
        t##potri_("L", &n, a, &n, &info); \
        if (info != 0) fail(#t "potri", info); \
        double trace = 0; /* of the inverse times the matrix, which is 1 in each place */ \
        for (int i = 0; i < N; i++) \
            for (int j = 0; j < N; j++) trace += (double)(a[i > j ? N * j + i : N * i + j] * kept[N * j + i]); \
        if (!(fabs(trace - N) < N * error_most)) fail(#t "potri", -1); \
        (void)one, (void)zero; \
        puts(#t ": solved"); \
    }

static void fail(const char *what, int where) {
    printf("wrong: %s, %d\n", what, where);
    exit(1);
}

DECLARE(s, float)
DECLARE(d, double)
DECLARE(c, float _Complex)
DECLARE(z, double _Complex)
CHECK(s, float, cblas_sgemv(CblasColMajor, CblasNoTrans, N, N, one, a, N, x, 1, zero, b, 1), 1e-4)
CHECK(d, double, cblas_dgemv(CblasColMajor, CblasNoTrans, N, N, one, a, N, x, 1, zero, b, 1), 1e-12)
CHECK(c, float _Complex, cblas_cgemv(CblasColMajor, CblasNoTrans, N, N, &one, a, N, x, 1, &zero, b, 1), 1e-4)
CHECK(z, double _Complex, cblas_zgemv(CblasColMajor, CblasNoTrans, N, N, &one, a, N, x, 1, &zero, b, 1), 1e-12)

int main(void) {
    check_s();
    check_d();
    check_c();
    check_z();
}
