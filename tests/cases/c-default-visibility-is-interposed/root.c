int ask(void);
int hook(void) { return 2; }
int run(void) { return ask(); }
