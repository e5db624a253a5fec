int next(void);
int run(void) { int first = next(); return first * 10 + next(); }
