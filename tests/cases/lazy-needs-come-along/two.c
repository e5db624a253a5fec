void log(int);
int base(void), one(void);
__attribute__((constructor)) static void comes(void) { log(30 + one()); }
int two(void) { return 10 * one() + base(); }
