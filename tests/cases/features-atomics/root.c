int bump(void);
int run(void) { return bump() * 100 + bump(); }
