int helper(void) { return 2; }
int ask_c(void) { return helper(); }
