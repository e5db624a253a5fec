static char big[300000]; static int n; int use(void) { big[299999]++; return big[299999] * ++n; }
