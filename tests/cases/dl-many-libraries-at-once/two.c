const char *name = "two"; int count(void) { static int n = 10; return ++n; }
