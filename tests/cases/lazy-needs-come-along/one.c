void log(int);
extern int shared;
int base(void), deep(void);
__attribute__((constructor)) static void comes(void) { log(20 + shared); }
int one(void) { return base(); }
int one_deep(void) { return deep(); }
