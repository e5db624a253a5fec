long double third(long double x) { return x / 3; }
