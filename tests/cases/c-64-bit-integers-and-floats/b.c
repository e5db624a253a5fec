long long mix(long long a, unsigned int b, short c, signed char d) { return a * b + c - d; }
double scale(float a, double b) { return a * b; }
unsigned long long biggest = 0xffffffffffffffffULL;
