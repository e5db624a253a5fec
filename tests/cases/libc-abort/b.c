#include <stdlib.h>
void give_up(void) { abort(); }
