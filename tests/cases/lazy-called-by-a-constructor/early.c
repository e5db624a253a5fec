void log(int);
int late(void);
__attribute__((constructor)) static void comes(void) { log(30 + late()); }
int early(void) { return late(); }
