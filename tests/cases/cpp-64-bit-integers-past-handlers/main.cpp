#include <cinttypes>
#include <cstdio>
int64_t shifted(int64_t value, int by);
int64_t through(int64_t (*function)(int64_t), int64_t value);
static int64_t doubled(int64_t value) {
  if (value < 0) throw value;
  return 2 * value;
}
int main() {
  for (int by = 4; by < 50; by += 36) {
    try {
      std::printf("%" PRIx64 "\n", shifted(0x123456789abcdef, by));
    } catch (int64_t thrown) {
      std::printf("thrown: %" PRIx64 "\n", thrown);
    }
  }
  std::printf("%" PRId64 " %" PRId64 "\n", through(doubled, 5000000000), through(doubled, -5000000000));
}
