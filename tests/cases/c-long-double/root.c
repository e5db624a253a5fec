long double third(long double);
double run(double x) { return (double)(third(x) * 3 - x + 0.5L); }
