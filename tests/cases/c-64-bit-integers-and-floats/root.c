long long mix(long long, unsigned int, short, signed char);
double scale(float, double);
extern unsigned long long biggest;
static double (*volatile pointer)(float, double) = scale;
long long run_integers(long long x) { return mix(x, 4000000000u, -300, -5) + (long long)(biggest >> 63); }
double run_floats(float x) { return pointer(x, 1e100); }
