__attribute__((weak)) int which(void) { return 2; }
int ask_d(void) { return which(); }
int (*give_d(void))(void) { return which; }
