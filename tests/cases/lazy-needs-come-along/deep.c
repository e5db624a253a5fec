void log(int);
extern int shared;
int base(void);
__attribute__((constructor)) static void comes(void) { log(4); }
int deep(void) { return 1000 + 10 * base() + shared; }
