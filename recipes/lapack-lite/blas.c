/* Functions of BLAS as f2c calls them; and those of f2c itself, which is C that a person wrote: `int` means what it does. */
#undef int
#undef abs
#undef sdot_
#undef snrm2_
#undef scasum_
#undef scnrm2_
#undef xerbla_

#include "f2c.c"

float sdot_(const int *n, const float *x, const int *x_step, const float *y, const int *y_step);
float snrm2_(const int *n, const float *x, const int *step);
float scasum_(const int *n, const singlecomplex *x, const int *step);
float scnrm2_(const int *n, const singlecomplex *x, const int *step);
int xerbla_(const char *name, const int *argument, int name_length);

double ours_sdot(int *n, float *x, int *x_step, float *y, int *y_step) { return sdot_(n, x, x_step, y, y_step); }
double ours_snrm2(int *n, float *x, int *step) { return snrm2_(n, x, step); }
double ours_scasum(int *n, singlecomplex *x, int *step) { return scasum_(n, x, step); }
double ours_scnrm2(int *n, singlecomplex *x, int *step) { return scnrm2_(n, x, step); }
void ours_xerbla(char *name, int *argument) { xerbla_(name, argument, (int)__builtin_strlen(name)); }
