int ask_b(void), ask_c(void);
int run(void) { return 10 * ask_b() + ask_c(); }
