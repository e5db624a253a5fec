void log(int);
int base(void);
__attribute__((constructor)) static void comes(void) { log(20 + base()); }
int late(void) { return 4; }
