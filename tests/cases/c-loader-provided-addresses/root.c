extern char __heap_base, __heap_end, __data_end, __global_base, __stack_low, __stack_high;
static int data = 1;
int run(void) {
  data++;
  return (&__stack_low < &__stack_high) + 2 * (&__stack_high <= &__global_base) + 4 * ((char *)&data >= &__global_base)
    + 8 * ((char *)(&data + 1) <= &__data_end) + 16 * (&__data_end <= &__heap_base) + 32 * (&__heap_base < &__heap_end);
}
