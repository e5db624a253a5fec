// There are no threads, and the headers have no classes for them: were there std::thread, `thread` would be ambiguous.
#include "probe.h"
#include <condition_variable>
#include <future>
#include <mutex>
#include <shared_mutex>
#include <thread>
using namespace std;
struct thread { static constexpr bool ours = true; };
struct mutex { static constexpr bool ours = true; };
struct recursive_mutex { static constexpr bool ours = true; };
struct condition_variable { static constexpr bool ours = true; };
template <class T> struct future { static constexpr bool ours = true; };
int main() {
  static_assert(thread::ours && mutex::ours && recursive_mutex::ours && condition_variable::ours && future<int>::ours);
#ifdef __cpp_lib_jthread
  SAME("there is", "no jthread");
#endif
  int calls = 0;
  std::once_flag once;
  for (int i = 0; i < 2; ++i)
    std::call_once(once, [&] { ++calls; });
  std::printf("%d\n", calls);
  return probe::end();
}
