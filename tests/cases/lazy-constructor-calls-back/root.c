void log(int);
int late(int);
int ask(int x) { log(x); return late(x); }
int run(void) { return late(100); }
