#include "../probe.h"
#include "parts.h"
int main() {
  parts::Arena arena;
  {
    auto made = parts::in_arena(&arena);
    SAME(made.get_allocator().resource() == &arena, true);
    SAME(arena.live > 500, true);
    made.emplace_back("a text of ours in the library's arena");
    auto elsewhere = made;
    SAME(elsewhere.get_allocator().resource() == std::pmr::get_default_resource(), true);
  }
  SAME(arena.live, std::size_t(0));
  {
    std::pmr::monotonic_buffer_resource ours(&arena);
    auto made = parts::in_arena(&ours);
    std::pmr::set_default_resource(&arena);
    std::pmr::string text(100, 'x');
    SAME(text.get_allocator().resource() == &arena, true);
    std::pmr::set_default_resource(nullptr);
  }
  SAME(arena.live, std::size_t(0));
  THROWS(std::bad_alloc, parts::in_arena(std::pmr::null_memory_resource()));
  std::printf("%zu\n", parts::in_arena(&arena).size());
  return probe::end();
}
