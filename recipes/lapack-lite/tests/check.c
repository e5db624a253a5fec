/* Singular values, eigenvalues, least squares and QR of matrices whose answers are known, in four types of numbers. */
#include <lapack_lite.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

enum { N = 60, M = 80, ROOM = 60000 };

/* Memory for one check: a real number has one part, a complex one two. */
static union { float s[8 * ROOM]; double d[8 * ROOM]; } room;
static int iwork[ROOM];

static void holds(const char *what, double error, double most) {
    if (error < most) return; /* and not where it is not a number */
    printf("%s is wrong: off by %g\n", what, error);
    exit(1);
}

static double entry(int i, int j) { return (double)((i * i + 7 * j + i * j) % 23 - 11) / 8 + (i == j ? 3 : 0); }

/* P is the number of parts; `a` has real parts of `entry`, and imaginary ones where there are any. */
#define CHECKS(t, T, P, of, SYMMETRIC, ORTHOGONAL, RWORK, LRWORK) \
    static T part_##t(int i, int j, int p) { return (T)(p == 0 ? entry(i, j) : entry(j, i + 3)); } \
    static void check_##t(double most) { \
        int n = N, m = M, lwork = ROOM, liwork = ROOM, info = -1, rank = 0, one = 1; \
        T *a = room.of, *b = a + ROOM, *u = b + ROOM, *v = u + ROOM, *s = v + ROOM, *work = s + ROOM, *rwork = work + ROOM; \
        (void)rwork; \
        double error; \
        /* A = U S V: each of U, S, V is not trusted, only their product */ \
        for (int j = 0; j < N; j++) \
            for (int i = 0; i < M; i++) \
                for (int p = 0; p < P; p++) a[P * (M * j + i) + p] = part_##t(i, j, p); \
        t##gesdd_("S", &m, &n, a, &m, s, u, &m, v, &n, work, &lwork, RWORK iwork, &info); \
        holds(#t "gesdd's status", info, 1); \
        error = 0; \
        for (int j = 0; j < N; j++) \
            for (int i = 0; i < M; i++) { \
                double sum[2] = {0, 0}; \
                for (int k = 0; k < N; k++) { \
                    T *x = u + P * (M * k + i), *y = v + P * (N * j + k); \
                    double xi = P == 2 ? x[P - 1] : 0, yi = P == 2 ? y[P - 1] : 0; \
                    sum[0] += s[k] * (x[0] * y[0] - xi * yi); \
                    sum[1] += s[k] * (x[0] * yi + xi * y[0]); \
                } \
                for (int p = 0; p < P; p++) error = fmax(error, fabs(sum[p] - part_##t(i, j, p))); \
            } \
        for (int k = 1; k < N; k++) holds(#t "gesdd's order", s[k] - s[k - 1], most); \
        holds(#t "gesdd", error, 100 * most); \
        /* 2 on the diagonal, -1 beside: its eigenvalues are 2 - 2 cos(k pi / (N + 1)) */ \
        for (int i = 0; i < P * N * N; i++) a[i] = 0; \
        for (int i = 0; i < N; i++) { \
            a[P * (N * i + i)] = 2; \
            if (i > 0) a[P * (N * i + i - 1)] = a[P * (N * (i - 1) + i)] = -1; \
        } \
        for (int i = 0; i < P * N * N; i++) b[i] = a[i]; \
        t##SYMMETRIC##evd_("V", "U", &n, a, &n, s, work, &lwork, LRWORK iwork, &liwork, &info); \
        holds(#t #SYMMETRIC "evd's status", info, 1); \
        for (int k = 0; k < N; k++) \
            holds(#t #SYMMETRIC "evd", fabs(s[k] - (2 - 2 * cos((k + 1) * 3.14159265358979323846 / (N + 1)))), 10 * most); \
        for (int i = 0; i < N; i++) { /* a vector of the first: A v = s v */ \
            double sum = 2 * a[P * i] - (i > 0 ? a[P * (i - 1)] : 0) - (i + 1 < N ? a[P * (i + 1)] : 0); \
            holds(#t #SYMMETRIC "evd's vectors", fabs(sum - s[0] * a[P * i]), 10 * most); \
        } \
        check_eigenvalues_##t(b, s, u, work, rwork, most); \
        /* b = A x for a known x; A has more rows than columns, so QR and least squares find it again */ \
        for (int j = 0; j < N; j++) \
            for (int i = 0; i < M; i++) \
                for (int p = 0; p < P; p++) a[P * (M * j + i) + p] = part_##t(i, j, p); \
        for (int i = 0; i < M; i++) \
            for (int p = 0; p < P; p++) { \
                double sum = 0; \
                for (int j = 0; j < N; j++) sum += part_##t(i, j, p) * (j % 7 - 3); \
                b[P * i + p] = (T)sum; \
            } \
        T rcond = -1; \
        for (int i = 0; i < P * M * N; i++) u[i] = a[i]; \
        t##gelsd_(&m, &n, &one, u, &m, b, &m, s, &rcond, &rank, work, &lwork, RWORK iwork, &info); \
        holds(#t "gelsd's status", info, 1); \
        holds(#t "gelsd's rank", abs(rank - N), 1); \
        for (int j = 0; j < N; j++) \
            for (int p = 0; p < P; p++) holds(#t "gelsd", fabs(b[P * j + p] - (p == 0 ? j % 7 - 3 : 0)), 1000 * most); \
        /* columns of Q are of length 1, and stand upright on each other */ \
        t##geqrf_(&m, &n, a, &m, v, work, &lwork, &info); \
        holds(#t "geqrf's status", info, 1); \
        t##ORTHOGONAL##gqr_(&m, &n, &n, a, &m, v, work, &lwork, &info); \
        holds(#t #ORTHOGONAL "gqr's status", info, 1); \
        for (int j = 0; j < N; j++) \
            for (int k = 0; k <= j; k++) { \
                double sum = 0; /* the real part of one by the other's conjugate */ \
                for (int i = 0; i < P * M; i++) sum += (double)a[P * M * j + i] * a[P * M * k + i]; \
                holds(#t #ORTHOGONAL "gqr", fabs(sum - (j == k)), 10 * most); \
            } \
        /* 4 on the diagonal of L, 1 below: L is Cholesky's factor of L times its transpose */ \
        for (int i = 0; i < P * N * N; i++) a[i] = 0; \
        for (int i = 0; i < N; i++) { \
            a[P * (N * i + i)] = 4; \
            if (i + 1 < N) a[P * (N * i + i + 1)] = 1; \
        } \
        for (int i = 0; i < P * N; i++) b[i] = 0; \
        for (int i = 0; i < N; i++) b[P * i] = (i == 0 ? 16 : 17) + (i > 0 ? 4 : 0) + (i + 1 < N ? 4 : 0); \
        t##potrs_("L", &n, &one, a, &n, b, &n, &info); \
        holds(#t "potrs's status", info, 1); \
        for (int i = 0; i < N; i++) holds(#t "potrs", fabs(b[P * i] - 1), 10 * most); \
        puts(#t ": all checks hold"); \
    }

/* The companion of x^5 = 1: its eigenvalues lie on a circle, one of them at 1. The other matrix has real ones. */
#define EIGENVALUES(t, T, P, CALL) \
    static void check_eigenvalues_##t(T *a, T *w, T *v, T *work, T *rwork, double most) { \
        int n = 5, lwork = ROOM, info = -1; \
        T *wi = w + N; \
        (void)rwork, (void)wi; \
        for (int i = 0; i < P * 25; i++) a[i] = 0; \
        for (int i = 0; i < 5; i++) a[P * (5 * i + (i + 1) % 5)] = 1; \
        CALL; \
        holds(#t "geev's status", info, 1); \
        double sum = 0, nearest = 9; \
        for (int k = 0; k < 5; k++) { \
            double re = w[P * k], im = P == 2 ? w[P * k + P - 1] : wi[k]; \
            holds(#t "geev", fabs(hypot(re, im) - 1), 10 * most); \
            nearest = fmin(nearest, hypot(re - 1, im)); \
            sum += re; \
        } \
        holds(#t "geev's trace", fabs(sum), 10 * most); \
        holds(#t "geev's root", nearest, 10 * most); \
    }

EIGENVALUES(s, float, 1, sgeev_("N", "V", &n, a, &n, w, wi, v, &n, v, &n, work, &lwork, &info))
EIGENVALUES(d, double, 1, dgeev_("N", "V", &n, a, &n, w, wi, v, &n, v, &n, work, &lwork, &info))
EIGENVALUES(c, float, 2, cgeev_("N", "V", &n, a, &n, w, v, &n, v, &n, work, &lwork, rwork, &info))
EIGENVALUES(z, double, 2, zgeev_("N", "V", &n, a, &n, w, v, &n, v, &n, work, &lwork, rwork, &info))
#define COMMA ,
CHECKS(s, float, 1, s, sy, or, , )
CHECKS(d, double, 1, d, sy, or, , )
CHECKS(c, float, 2, s, he, un, rwork COMMA, rwork COMMA &lwork COMMA)
CHECKS(z, double, 2, d, he, un, rwork COMMA, rwork COMMA &lwork COMMA)

int main(void) {
    check_s(1e-4);
    check_d(1e-12);
    check_c(1e-4);
    check_z(1e-12);
    return 0;
}
