extern char many[], page[];
static int own[30000];
static _Alignas(256) int aligned;
int run_sum(void) {
  int sum = 0;
  for (int i = 0; i < 70001; i++) sum += many[i];
  for (int i = 0; i < 30000; i++) sum += own[i];
  return sum;
}
int run_aligned(void) { return (unsigned)page % 4096 + (unsigned)&aligned % 256; }
