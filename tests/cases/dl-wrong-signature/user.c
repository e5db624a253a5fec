double helper(double); double use(void) { return helper(1.5); }
