int helper(void) { return 1; }
int ask_b(void) { return helper(); }
