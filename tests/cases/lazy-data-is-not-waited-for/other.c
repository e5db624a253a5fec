void log(int);
__attribute__((constructor)) static void comes(void) { log(2); }
int late(void) { return 2; }
