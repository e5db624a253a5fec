#include "objects.h"
#include <cstring>
int main() {
  Seen main = see(), a = a_sees(), b = b_sees();
  std::printf("one: %d %d\n", std::memcmp(&main, &a, sizeof a) == 0, std::memcmp(&main, &b, sizeof b) == 0);
  std::printf("counted: %d %d %d\n", plain, Of<int>::count, of_thread);
}
