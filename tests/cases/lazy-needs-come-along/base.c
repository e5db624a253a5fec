void log(int);
int shared = 1;
__attribute__((constructor)) static void comes(void) { log(1); }
int base(void) { return shared++; }
