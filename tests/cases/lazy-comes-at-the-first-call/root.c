void log(int);
int late(void);
double sum(int, double, long long);
__attribute__((constructor)) static void comes(void) { log(1); }
int nothing(void) { return 0; }
int late_is(void) { return late(); }
double late_sum(int a, double b, long long c) { return sum(a, b, c); }
