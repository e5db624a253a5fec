void left(void), right(void);
int sum(void);
int run(void) { left(); right(); left(); return sum(); }
