#include "probe.h"
#include <map>
#include <memory_resource>
#include <string>
#include <vector>
struct Watching : std::pmr::memory_resource {
  std::size_t taken = 0, given_back = 0;
  void *do_allocate(std::size_t size, std::size_t alignment) override {
    taken += size;
    return std::pmr::new_delete_resource()->allocate(size, alignment);
  }
  void do_deallocate(void *p, std::size_t size, std::size_t alignment) override {
    given_back += size;
    std::pmr::new_delete_resource()->deallocate(p, size, alignment);
  }
  bool do_is_equal(const memory_resource &other) const noexcept override { return this == &other; }
};
int main() {
  Watching watching;
  {
    std::pmr::vector<std::pmr::string> words(&watching);
    words.emplace_back("a word that does not fit into the string itself");
    SAME(words[0].get_allocator().resource() == &watching, true);
    SAME(watching.taken > 40, true);
  }
  SAME(watching.taken, watching.given_back);
  char buffer[256];
  {
    std::pmr::monotonic_buffer_resource monotonic(buffer, sizeof buffer, std::pmr::null_memory_resource());
    std::pmr::vector<int> numbers(&monotonic);
    numbers.assign(10, 5);
    SAME(reinterpret_cast<char *>(numbers.data()) >= buffer && reinterpret_cast<char *>(numbers.data()) < buffer + 256, true);
    THROWS(std::bad_alloc, numbers.resize(1000));
  }
  {
    std::pmr::unsynchronized_pool_resource pool({.max_blocks_per_chunk = 8, .largest_required_pool_block = 64}, &watching);
    std::pmr::map<int, std::pmr::string> map(&pool);
    for (int i = 0; i < 100; ++i)
      map[i] = std::to_string(i);
    SAME(map.at(99), "99");
    SAME(pool.options().largest_required_pool_block >= 64, true);
  }
  SAME(watching.taken, watching.given_back);
  auto *before = std::pmr::set_default_resource(&watching);
  SAME(before == std::pmr::new_delete_resource(), true);
  std::pmr::string text;
  SAME(text.get_allocator().resource() == &watching, true);
  std::pmr::set_default_resource(nullptr);
  SAME(std::pmr::get_default_resource() == before, true);
  std::pmr::polymorphic_allocator<> allocator(&watching);
  int *number = allocator.new_object<int>(4);
  SAME(*number, 4);
  allocator.delete_object(number);
  std::printf("%d\n", *std::pmr::null_memory_resource() == watching);
  return probe::end();
}
