#define _GNU_SOURCE
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { COUNT = 3000, WIDEST = 33 };
static unsigned char array[COUNT * WIDEST];
static size_t width;
static long compared;

static unsigned key(const unsigned char *at) { return width < 2 ? at[0] : at[0] * 256u + at[1]; }
static int by_key(const void *a, const void *b) {
  compared++;
  return (int)key(a) - (int)key(b);
}
static int by_key_times(const void *a, const void *b, void *sign) { return *(int *)sign * by_key(a, b); }
static int always_greater(const void *a, const void *b) { return 1; }
static int always_less(const void *a, const void *b) { return -1; }

static unsigned value(int kind, unsigned i) {
  static unsigned state;
  state = state * 1664525u + 1013904223u;
  switch (kind) {
    case 0: return state >> 8;             /* any order */
    case 1: return i;                      /* sorted */
    case 2: return COUNT - i;              /* backwards */
    case 3: return 7;                      /* all equal */
    case 4: return state >> 30;            /* four keys */
    case 5: return i < COUNT / 2 ? i : COUNT - i;
    default: return i % 50;
  }
}
static unsigned long sum(void) { /* of each element with its bytes in order: none may be lost or torn apart */
  unsigned long all = 0;
  for (int i = 0; i < COUNT; i++) {
    unsigned long of = 5381;
    for (size_t k = 0; k < width; k++) of = of * 33 + array[(size_t)i * width + k];
    all += of * of;
  }
  return all;
}
int main(void) {
  static const size_t widths[] = {1, 2, 3, 4, 5, 8, 12, 16, 24, 33};
  int wrong = 0;
  long most = 0;
  for (int w = 0; w < 10; w++)
    for (int kind = 0; kind < 7; kind++)
      for (int how = 0; how < 5; how++) {
        width = widths[w];
        for (unsigned i = 0; i < COUNT; i++) {
          unsigned v = value(kind, i);
          for (size_t k = 0; k < width; k++) array[i * width + k] = (unsigned char)(k == 0 && width > 1 ? v >> 8 : k < 2 ? v : v * k + i);
        }
        unsigned long before = sum();
        int sign = how == 2 ? -1 : 1;
        compared = 0;
        if (how == 0) qsort(array, COUNT, width, by_key);
        else if (how < 3) qsort_r(array, COUNT, width, by_key_times, &sign);
        else qsort(array, COUNT, width, how == 3 ? always_greater : always_less);
        if (compared > most) most = compared;
        wrong += sum() != before;
        for (size_t i = 1; how < 3 && i < COUNT; i++)
          wrong += sign * ((int)key(array + (i - 1) * width) - (int)key(array + i * width)) > 0;
      }
  printf("%d wrong, %s\n", wrong, most < COUNT * 12 * 3 ? "n log n" : "too many comparisons");
  qsort(array, 0, 4, by_key);
  qsort(array, 1, 4, by_key);
  return 0;
}
