const char *name = "one"; int count(void) { static int n; return ++n; }
