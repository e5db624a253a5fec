int name(void), soon(void), late(void);
int hook(void) { return 6; }
int call_soon(void) { return soon(); }
int call_name(void) { return name(); }
int call_late(void) { return late(); }
