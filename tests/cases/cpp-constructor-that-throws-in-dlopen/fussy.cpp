#include <cstdio>
#include <stdexcept>
namespace shop {
struct Closed : std::runtime_error {
  using std::runtime_error::runtime_error;
  ~Closed() { std::puts("the exception is gone"); }
};
}
extern "C" int ready;
struct Made { ~Made() { std::puts("what was made before is gone"); } } static made;
struct Fussy {
  Fussy() {
    char room[1000]; // what unwinding does not restore, the loader does
    std::snprintf(room, sizeof room, "until %s", "Monday");
    if (!ready) throw shop::Closed(room);
  }
} static fussy;
extern "C" int answer() { return 42; }
