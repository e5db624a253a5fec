void log(int);
__attribute__((constructor)) static void comes(void) { log(1); }
int name(void) { return 1; }
__attribute__((weak, visibility("default"))) int hook(void) { return 5; }
int late(void) { return 10 * hook(); }
