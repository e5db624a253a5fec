int helpr(int); int use(void) { return helpr(1); }
