// What the library `parts` gives out: it is C++17, and who uses it is C++23.
#pragma once
#include <any>
#include <exception>
#include <functional>
#include <iosfwd>
#include <locale>
#include <map>
#include <memory>
#include <memory_resource>
#include <optional>
#include <regex>
#include <string>
#include <system_error>
#include <typeindex>
#include <variant>
#include <vector>

namespace parts {
std::string text(int size);
std::vector<std::string> words();
std::map<std::string, std::vector<int>> index(const std::vector<std::string> &words);

struct Item {
  static inline int alive = 0;
  int value;
  explicit Item(int value) : value(value) { ++alive; }
  Item(const Item &other) : value(other.value) { ++alive; }
  virtual ~Item() { --alive; }
  virtual std::string name() const { return "item"; }
};
struct Special : Item {
  using Item::Item;
  std::string name() const override;
};
std::unique_ptr<Item> make(int value);
std::shared_ptr<Item> share(int value);
std::weak_ptr<Item> watched();

std::function<int(int)> adder(int n);
int apply(const std::function<int(int)> &function, int n);

std::any boxed(int which);
std::variant<int, std::string, Special> one_of(int which);
std::optional<std::string> maybe(bool there);

std::exception_ptr kept();
void rethrow(const std::exception_ptr &error);
void nest();

std::regex pattern();
std::string matched(const std::smatch &found);
std::locale with_facets(const std::locale &base);
struct Unit : std::locale::facet {
  static std::locale::id id;
  virtual std::string unit() const { return "kg"; }
};

std::error_code fault();
extern const std::error_category &category();

struct Arena : std::pmr::memory_resource {
  std::size_t live = 0;
  void *do_allocate(std::size_t size, std::size_t alignment) override;
  void do_deallocate(void *p, std::size_t size, std::size_t alignment) override;
  bool do_is_equal(const memory_resource &other) const noexcept override { return this == &other; }
};
std::pmr::vector<std::pmr::string> in_arena(std::pmr::memory_resource *resource);

std::ostream &operator<<(std::ostream &out, const Item &item);
std::unique_ptr<std::streambuf> counting(std::streambuf *to);
const std::map<std::type_index, std::string> &names();
bool ordered(std::vector<int> &numbers, bool (*before)(int, int));
} // namespace parts
