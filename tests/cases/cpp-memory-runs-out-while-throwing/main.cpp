#include <cstdio>
#include <cstdlib>
#include <exception>
#include <new>
#include <vector>
struct Large { char bytes[40]; int number; };
void fail(int depth);
std::exception_ptr kept();
static void *volatile kept_from_the_optimizer;
int main() {
  std::setvbuf(stdout, nullptr, _IONBF, 0);
  struct Link { Link *next; } *all = nullptr;
  for (std::size_t size = 65536; size >= sizeof *all; size /= 2)
    for (Link *one; (one = static_cast<Link *>(std::malloc(size))) != nullptr; all = one)
      one->next = all;
  int rounds = 0;
  for (int i = 0; i < 1000; ++i) // what is caught goes back into the reserve
    try { fail(5); } catch (const Large &large) { rounds += large.number == 15; }
  std::printf("%d\n", rounds);
  try { kept_from_the_optimizer = new int[1000]; } catch (const std::bad_alloc &error) { std::puts(error.what()); }
  try { std::vector<int> v; v.resize(10000); } catch (const std::exception &error) { std::puts(error.what()); }
  kept_from_the_optimizer = new (std::nothrow) int[1000];
  std::printf("%d\n", kept_from_the_optimizer == nullptr);
  std::exception_ptr one = kept();
  try { std::rethrow_exception(one); } catch (const Large &large) { std::printf("%d\n", large.number); }
  while (all) { Link *next = all->next; std::free(all); all = next; }
  std::printf("%d\n", new (std::nothrow) int[1000] != nullptr);
}
