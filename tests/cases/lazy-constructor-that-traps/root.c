void log(int);
int late(void);
int run(void) { log(1); int value = late(); log(2); return value; }
