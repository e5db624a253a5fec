void log(int);
int early(void);
__attribute__((constructor)) static void comes(void) { log(5); }
int run(void) { return early(); }
