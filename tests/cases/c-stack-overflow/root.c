extern int victim;
static int own = 8;
/* Each frame is in use while the next one is made, so no tail call can do without it. */
__attribute__((noinline)) static int deep(volatile char *above, int n) {
  volatile char frame[4096];
  frame[0] = above ? above[0] + 1 : 0;
  int below = n ? deep(frame, n - 1) : 0;
  return below + frame[0];
}
int run_deep(int n) { return deep(0, n) != 0; }
int run_look(void) { return victim * 10 + own; }
