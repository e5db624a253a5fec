/* Hilbert's matrix of six rows, of which a float knows little: its solution by fractions (gmp) is exact, by floats of
   300 bits (mpfr) nearly so, and by LAPACK (openblas) and LU of gsl, which calls CBLAS, as good as doubles allow. */
#include <gmp.h>
#include <gsl/gsl_eigen.h>
#include <gsl/gsl_linalg.h>
#include <math.h>
#include <mpfr.h>
#include <stdio.h>
#include <stdlib.h>

enum { N = 6, BITS = 300 };

int dgesv_(const int *n, const int *nrhs, double *a, const int *lda, int *pivots, double *b, const int *ldb, int *info);
int dpotrf_(const char *uplo, const int *n, double *a, const int *lda, int *info);

static mpq_t exact[N], determinant;

static void must(int holds, const char *what) {
    if (holds) return;
    printf("failed: %s\n", what);
    exit(1);
}

static double hilbert(int i, int j) { return 1.0 / (i + j + 1); }

/* Gauss and Jordan, with fractions: the right side is all ones. */
static void by_fractions(void) {
    mpq_t a[N][N + 1], factor, product;

    mpq_inits(factor, product, determinant, NULL);
    mpq_set_ui(determinant, 1, 1);
    for (int i = 0; i < N; i++)
        for (int j = 0; j <= N; j++) {
            mpq_init(a[i][j]);
            mpq_set_ui(a[i][j], 1, j == N ? 1 : i + j + 1);
        }
    for (int k = 0; k < N; k++) {
        mpq_mul(determinant, determinant, a[k][k]);
        for (int j = N; j >= k; j--) mpq_div(a[k][j], a[k][j], a[k][k]);
        for (int i = 0; i < N; i++) {
            if (i == k) continue;
            mpq_set(factor, a[i][k]);
            for (int j = k; j <= N; j++) {
                mpq_mul(product, factor, a[k][j]);
                mpq_sub(a[i][j], a[i][j], product);
            }
        }
    }
    for (int i = 0; i < N; i++) {
        mpq_init(exact[i]);
        mpq_set(exact[i], a[i][N]);
    }
}

static void compare(const double *found, const char *who) {
    for (int i = 0; i < N; i++) {
        double known = mpq_get_d(exact[i]);
        must(fabs(found[i] - known) <= 1e-8 * fabs(known), who);
    }
}

/* The residual of the exact solution, with floats of many digits. */
static void by_mpfr(void) {
    mpfr_t sum, term;

    mpfr_inits2(BITS, sum, term, NULL);
    for (int i = 0; i < N; i++) {
        mpfr_set_si(sum, -1, MPFR_RNDN);
        for (int j = 0; j < N; j++) {
            mpfr_set_q(term, exact[j], MPFR_RNDN);
            mpfr_div_ui(term, term, i + j + 1, MPFR_RNDN);
            mpfr_add(sum, sum, term, MPFR_RNDN);
        }
        must(mpfr_zero_p(sum) || mpfr_get_exp(sum) < 20 - BITS, "mpfr");
    }
    mpfr_clears(sum, term, NULL);
}

static void by_lapack(void) {
    double a[N * N], x[N], again[N];
    int n = N, one = 1, pivots[N], info = -1;

    for (int i = 0; i < N * N; i++) a[i] = hilbert(i / N, i % N);
    for (int i = 0; i < N; i++) x[i] = again[i] = 1;
    dgesv_(&n, &one, a, &n, pivots, x, &n, &info);
    must(info == 0, "dgesv");
    compare(x, "dgesv");
    /* the same by Cholesky, and two triangular systems of CBLAS */
    for (int i = 0; i < N * N; i++) a[i] = hilbert(i / N, i % N);
    dpotrf_("L", &n, a, &n, &info);
    must(info == 0, "dpotrf");
    cblas_dtrsv(CblasColMajor, CblasLower, CblasNoTrans, CblasNonUnit, N, a, N, again, 1);
    cblas_dtrsv(CblasColMajor, CblasLower, CblasTrans, CblasNonUnit, N, a, N, again, 1);
    compare(again, "dpotrf and dtrsv");
}

static void by_gsl(void) {
    int sign;
    gsl_matrix *a = gsl_matrix_alloc(N, N), *v = gsl_matrix_alloc(N, N), *u = gsl_matrix_alloc(N, N);
    gsl_vector *b = gsl_vector_alloc(N), *x = gsl_vector_alloc(N), *values = gsl_vector_alloc(N), *s = gsl_vector_alloc(N);
    gsl_permutation *p = gsl_permutation_alloc(N);
    double product = 1, of_singular = 1;

    for (int i = 0; i < N; i++)
        for (int j = 0; j < N; j++) gsl_matrix_set(a, i, j, hilbert(i, j));
    gsl_matrix_memcpy(u, a);
    gsl_vector_set_all(b, 1);
    gsl_linalg_LU_decomp(a, p, &sign);
    gsl_linalg_LU_solve(a, p, b, x);
    compare(x->data, "gsl");
    /* the determinant is the product of the eigenvalues, and of the singular values */
    gsl_matrix_memcpy(a, u);
    gsl_eigen_symm_workspace *room = gsl_eigen_symm_alloc(N);
    must(gsl_eigen_symm(a, values, room) == 0, "gsl_eigen_symm");
    must(gsl_linalg_SV_decomp_jacobi(u, v, s) == 0, "gsl_linalg_SV_decomp_jacobi");
    for (int i = 0; i < N; i++) product *= gsl_vector_get(values, i), of_singular *= gsl_vector_get(s, i);
    must(fabs(product / mpq_get_d(determinant) - 1) < 1e-6, "eigenvalues");
    must(fabs(of_singular / mpq_get_d(determinant) - 1) < 1e-6, "singular values");
    gsl_eigen_symm_free(room);
}

int main(void) {
    by_fractions();
    gmp_printf("determinant: %Qd\n", determinant);
    by_mpfr();
    by_lapack();
    by_gsl();
    puts("all agree");
}
