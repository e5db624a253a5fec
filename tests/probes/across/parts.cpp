#include "parts.h"
#include <algorithm>
#include <stdexcept>

namespace parts {
std::string text(int size) { return std::string(size, 'p'); }
std::vector<std::string> words() { return {"pear", "apple", "plum", "avocado with a long name"}; }
std::map<std::string, std::vector<int>> index(const std::vector<std::string> &words) {
  std::map<std::string, std::vector<int>> found;
  for (std::size_t i = 0; i < words.size(); ++i)
    found[words[i].substr(0, 1)].push_back(static_cast<int>(i));
  return found;
}

std::string Special::name() const { return "special " + std::to_string(value); }
std::unique_ptr<Item> make(int value) { return std::make_unique<Special>(value); }
static std::weak_ptr<Item> last;
std::shared_ptr<Item> share(int value) {
  auto made = std::make_shared<Special>(value);
  last = made;
  return made;
}
std::weak_ptr<Item> watched() { return last; }

std::function<int(int)> adder(int n) {
  auto kept = std::make_shared<int>(n);
  return [kept](int each) { return each + *kept; };
}
int apply(const std::function<int(int)> &function, int n) { return function ? function(n) : throw std::bad_function_call(); }

std::any boxed(int which) {
  switch (which) {
  case 0: return 5;
  case 1: return std::string("in a box");
  case 2: return Special(6);
  }
  return {};
}
std::variant<int, std::string, Special> one_of(int which) {
  if (which == 0)
    return 5;
  if (which == 1)
    return "text";
  return Special(7);
}
std::optional<std::string> maybe(bool there) { return there ? std::optional<std::string>("there") : std::nullopt; }

std::exception_ptr kept() {
  try {
    throw std::out_of_range("kept by a library");
  } catch (...) {
    return std::current_exception();
  }
}
void rethrow(const std::exception_ptr &error) { std::rethrow_exception(error); }
void nest() {
  try {
    throw std::invalid_argument("inner");
  } catch (...) {
    std::throw_with_nested(std::runtime_error("outer"));
  }
}
} // namespace parts
