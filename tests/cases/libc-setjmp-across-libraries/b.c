#include <setjmp.h>
void jump(jmp_buf where, int value) { longjmp(where, value); }
int guarded(int (*function)(int), int x) {
  jmp_buf here;
  return setjmp(here) == 0 ? function(x) : -1;
}
