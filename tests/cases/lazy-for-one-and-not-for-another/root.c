void log(int);
int shared(void), other(void);
__attribute__((constructor)) static void comes(void) { log(3); }
int run(void) { return shared() * other(); }
