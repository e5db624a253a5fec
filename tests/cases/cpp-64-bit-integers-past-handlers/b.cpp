#include <cstdint>
int64_t shifted(int64_t value, int by) {
  if (by > 32) throw value;
  return value << by;
}
int64_t through(int64_t (*function)(int64_t), int64_t value) {
  try {
    return function(value);
  } catch (int64_t thrown) {
    return -thrown;
  }
}
