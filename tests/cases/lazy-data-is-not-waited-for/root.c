extern int number, other;
int function(void), late(void);
void log(int);
__attribute__((constructor)) static void comes(void) { log(number); }
int sum(void) { return number + other + function() + late(); }
