void log(int);
int ask(int);
static int state = 5;
int late(int x) { return x * state; }
__attribute__((constructor)) static void comes(void) { log(1); log(ask(3)); state = 7; log(2); }
