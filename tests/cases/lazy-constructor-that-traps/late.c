__attribute__((constructor)) static void comes(void) { __builtin_trap(); }
int late(void) { return 1; }
