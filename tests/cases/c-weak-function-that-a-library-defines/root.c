int perhaps(int) __attribute__((weak));
extern int perhaps_data __attribute__((weak));
int run_have(void) { return (perhaps != 0) + 2 * (&perhaps_data != 0); }
int run_call(void) { return perhaps(perhaps_data); }
