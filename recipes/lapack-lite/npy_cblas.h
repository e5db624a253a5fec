/* How wide LAPACK's integers are, and how its functions are called. */
typedef int CBLAS_INT;
#define BLAS_FUNC(name) name##_
