#include "parts.h"
#include <algorithm>
#include <ostream>
#include <streambuf>

namespace parts {
std::regex pattern() { return std::regex("(\\w+)@(\\w+)\\.org", std::regex::icase); }
std::string matched(const std::smatch &found) { return found[2].str() + "/" + found[1].str(); }

std::locale::id Unit::id;
struct Grams : Unit {
  std::string unit() const override { return "g"; }
};
struct Points : std::numpunct<char> {
  char do_thousands_sep() const override { return '\''; }
  std::string do_grouping() const override { return "\3"; }
};
std::locale with_facets(const std::locale &base) { return std::locale(std::locale(base, new Grams), new Points); }

struct Category : std::error_category {
  const char *name() const noexcept override { return "parts"; }
  std::string message(int value) const override { return "part " + std::to_string(value) + " is missing"; }
  bool equivalent(int value, const std::error_condition &condition) const noexcept override {
    return value == 3 && condition == std::errc::no_such_file_or_directory;
  }
};
const std::error_category &category() {
  static const Category one;
  return one;
}
std::error_code fault() { return {3, category()}; }

void *Arena::do_allocate(std::size_t size, std::size_t alignment) {
  live += size;
  return ::operator new(size, std::align_val_t(alignment));
}
void Arena::do_deallocate(void *p, std::size_t size, std::size_t alignment) {
  live -= size;
  ::operator delete(p, size, std::align_val_t(alignment));
}
std::pmr::vector<std::pmr::string> in_arena(std::pmr::memory_resource *resource) {
  std::pmr::vector<std::pmr::string> made(resource);
  for (int i = 0; i < 20; ++i)
    made.emplace_back(std::string(i * 3, 'a'));
  return made;
}

std::ostream &operator<<(std::ostream &out, const Item &item) { return out << '<' << item.name() << '>'; }
struct Counting : std::streambuf {
  std::streambuf *to;
  int lines = 0;
  explicit Counting(std::streambuf *to) : to(to) {}
  int_type overflow(int_type c) override {
    if (c == '\n')
      for (char each : " #" + std::to_string(++lines))
        to->sputc(each);
    return to->sputc(traits_type::to_char_type(c));
  }
};
std::unique_ptr<std::streambuf> counting(std::streambuf *to) { return std::make_unique<Counting>(to); }

const std::map<std::type_index, std::string> &names() {
  static const std::map<std::type_index, std::string> all{
      {typeid(int), "int"}, {typeid(Special), "Special"}, {typeid(std::vector<Item>), "vector"}};
  return all;
}
bool ordered(std::vector<int> &numbers, bool (*before)(int, int)) {
  std::sort(numbers.begin(), numbers.end(), before);
  return std::is_sorted(numbers.begin(), numbers.end(), before);
}
} // namespace parts
