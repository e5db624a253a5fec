/* A subroutine of Fortran returns nothing, and OpenBLAS's do so. f2c wrote `int` for that, for nothing else, and `return 0`.
   It has functions of `real` return a double; OpenBLAS's return a float, so ours stand between (blas.c). */
#include "f2c.h"
#undef sdot_
#undef snrm2_
#undef scasum_
#undef scnrm2_
#undef xerbla_
#define sdot_ ours_sdot
#define snrm2_ ours_snrm2
#define scasum_ ours_scasum
#define scnrm2_ ours_scnrm2
#define xerbla_ ours_xerbla
#define int void
