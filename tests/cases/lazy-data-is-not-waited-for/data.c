void log(int);
int number = 30, other = 9;
__attribute__((constructor)) static void comes(void) { log(number++); }
int function(void) { return 1; }
