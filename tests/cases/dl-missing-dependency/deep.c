int deep(void) { return 1; }
