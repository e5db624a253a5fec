#include <setjmp.h>
#include <string.h>
void leave(jmp_buf back, int value) { longjmp(back, value); }
int guard(void (*jump)(int), jmp_buf *theirs) {
    if (setjmp(*theirs) == 0)
        jump(1);
    return 42;
}
