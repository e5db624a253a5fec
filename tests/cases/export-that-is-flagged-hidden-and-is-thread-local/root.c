extern _Thread_local int counter;
int read(void);
int run(void) { counter++; return read(); }
