/* LAPACK's manual says what each does: matrices are by columns, and all arguments are pointers. Complex numbers are two
   of their real type, one after the other. */
#ifndef LAPACK_LITE_H
#define LAPACK_LITE_H
#ifdef __cplusplus
extern "C" {
#endif

#define LAPACK_LITE_BOTH(t, T, orthogonal) \
    void t##potrs_(const char *uplo, const int *n, const int *nrhs, const T *a, const int *lda, T *b, const int *ldb, int *info); \
    void t##geqrf_(const int *m, const int *n, T *a, const int *lda, T *tau, T *work, const int *lwork, int *info); \
    void t##orthogonal##gqr_(const int *m, const int *n, const int *k, T *a, const int *lda, const T *tau, T *work, \
                             const int *lwork, int *info);

#define LAPACK_LITE_REAL(t, T) \
    LAPACK_LITE_BOTH(t, T, or) \
    void t##gesdd_(const char *jobz, const int *m, const int *n, T *a, const int *lda, T *s, T *u, const int *ldu, T *vt, \
                   const int *ldvt, T *work, const int *lwork, int *iwork, int *info); \
    void t##geev_(const char *jobvl, const char *jobvr, const int *n, T *a, const int *lda, T *wr, T *wi, T *vl, \
                  const int *ldvl, T *vr, const int *ldvr, T *work, const int *lwork, int *info); \
    void t##syevd_(const char *jobz, const char *uplo, const int *n, T *a, const int *lda, T *w, T *work, const int *lwork, \
                   int *iwork, const int *liwork, int *info); \
    void t##gelsd_(const int *m, const int *n, const int *nrhs, T *a, const int *lda, T *b, const int *ldb, T *s, \
                   const T *rcond, int *rank, T *work, const int *lwork, int *iwork, int *info);

#define LAPACK_LITE_COMPLEX(t, R) \
    LAPACK_LITE_BOTH(t, R, un) \
    void t##gesdd_(const char *jobz, const int *m, const int *n, R *a, const int *lda, R *s, R *u, const int *ldu, R *vt, \
                   const int *ldvt, R *work, const int *lwork, R *rwork, int *iwork, int *info); \
    void t##geev_(const char *jobvl, const char *jobvr, const int *n, R *a, const int *lda, R *w, R *vl, const int *ldvl, \
                  R *vr, const int *ldvr, R *work, const int *lwork, R *rwork, int *info); \
    void t##heevd_(const char *jobz, const char *uplo, const int *n, R *a, const int *lda, R *w, R *work, const int *lwork, \
                   R *rwork, const int *lrwork, int *iwork, const int *liwork, int *info); \
    void t##gelsd_(const int *m, const int *n, const int *nrhs, R *a, const int *lda, R *b, const int *ldb, R *s, \
                   const R *rcond, int *rank, R *work, const int *lwork, R *rwork, int *iwork, int *info);

LAPACK_LITE_REAL(s, float)
LAPACK_LITE_REAL(d, double)
LAPACK_LITE_COMPLEX(c, float)
LAPACK_LITE_COMPLEX(z, double)

#ifdef __cplusplus
}
#endif
#endif
