__attribute__((weak)) int which(void) { return 1; }
int ask_b(void) { return which(); }
