extern int ready;
int runs;
__attribute__((constructor)) static void in(void) { runs++; if (!ready) __builtin_trap(); }
