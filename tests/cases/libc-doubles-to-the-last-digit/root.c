#include <stdint.h>
#include <stdio.h>
#include <string.h>

static uint64_t state = 88172645463325252u;
static uint64_t next(void) {
  state ^= state << 13, state ^= state >> 7, state ^= state << 17;
  return state;
}
static double any(void) { /* of all sizes, subnormal ones too */
  uint64_t bits = next();
  double value;
  if ((bits >> 52 & 2047) == 2047) bits ^= (uint64_t)1 << 60;
  memcpy(&value, &bits, sizeof value);
  return value;
}
int main(void) {
  static char line[2000];
  static const char *const formats[] = {"%.17g", "%.0f", "%.3f", "%e", "%.30e", "%g", "%#.0f", "%+.1100f", "% 30.2e", "%-40.5fx"};
  for (int f = 0; f < 10; f++) {
    uint32_t hash = 2166136261u;
    for (int i = 0; i < 2000; i++) {
      double value = i < 1000 ? any() : i % 2 ? (double)(int64_t)(next() >> 40) / 8 : (double)(next() >> 44) * 0.001;
      int length = snprintf(line, sizeof line, formats[f], value);
      for (int k = 0; k < length; k++) hash = (hash ^ (unsigned char)line[k]) * 16777619u;
      if (i == 17 || i == 1005) printf("%.60s|", line);
    }
    printf("%08x\n", hash);
  }
  for (int i = 0; i < 9; i++) printf("%.0f %.1f %g|", i + 0.5, i / 4.0 + 0.05, 1e15 + i);
  printf("\n%a %A %.3a %.0a %a %a\n", 1 / 3.0, -1.5, 1 / 3.0, 1.999, 5e-324, 1.7976931348623157e308);
  printf("%.3s%.1f %d %Lf %.2f %llx %Lg\n", "abcdef", 2.25, 7, 2.5L, 1e22, 0x123456789abcdefLL, 1e-10L);
  return 0;
}
