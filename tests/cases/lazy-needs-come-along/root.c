int one(void), two(void), one_deep(void);
int call_one(void) { return one(); }
int call_two(void) { return two(); }
int call_deep(void) { return one_deep(); }
