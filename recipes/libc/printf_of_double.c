/* What printf says of a double; printf.patch says why. */
#define OF_DOUBLE
#include "../src/stdio/vfprintf.c"
