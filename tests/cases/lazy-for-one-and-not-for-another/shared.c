void log(int);
__attribute__((constructor)) static void comes(void) { log(1); }
int shared(void) { return 7; }
