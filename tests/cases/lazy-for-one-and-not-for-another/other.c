void log(int);
int shared(void);
__attribute__((constructor)) static void comes(void) { log(2); }
int other(void) { return shared(); }
