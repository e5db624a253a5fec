__attribute__((weak)) int hook(void) { return 1; }
int ask(void) { return hook(); }
