int ask_b(void), ask_d(void), which(void), (*give_d(void))(void);
int run(void) { return ask_b() * 100 + ask_d() * 10 + (give_d() == which); }
