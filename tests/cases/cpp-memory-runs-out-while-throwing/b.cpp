#include <exception>
struct Large { char bytes[40]; int number; };
void fail(int depth) {
  Large large{{}, depth};
  if (depth == 0) throw large;
  try { fail(depth - 1); } catch (const Large &inner) { throw Large{{}, inner.number + depth}; }
}
std::exception_ptr kept() { try { throw Large{{}, 7}; } catch (...) { return std::current_exception(); } }
