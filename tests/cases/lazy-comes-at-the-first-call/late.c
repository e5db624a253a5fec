void log(int);
static int count = 40;
__attribute__((constructor)) static void comes(void) { log(2); count++; }
int late(void) { return ++count; }
double sum(int a, double b, long long c) { return a + b + c; }
