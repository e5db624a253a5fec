#include <setjmp.h>
int main(void) {
  jmp_buf here;
  int value = setjmp(here);
  if (value == 0) longjmp(here, 0);
  return value + 1;
}
