void log(int);
__attribute__((constructor)) static void comes(void) { log(2); }
int name(void) { return 2; }
int soon(void) { return 3; }
