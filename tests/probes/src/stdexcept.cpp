#include "probe.h"
#include <new>
#include <stdexcept>
#include <string>
template <class E> std::string what() {
  try {
    throw E("text of " + std::string(20, '.'));
  } catch (const std::exception &error) {
    return error.what();
  }
}
int main() {
  const std::string text = "text of ....................";
  SAME(what<std::logic_error>(), text);
  SAME(what<std::domain_error>(), text);
  SAME(what<std::invalid_argument>(), text);
  SAME(what<std::length_error>(), text);
  SAME(what<std::out_of_range>(), text);
  SAME(what<std::runtime_error>(), text);
  SAME(what<std::range_error>(), text);
  SAME(what<std::overflow_error>(), text);
  SAME(what<std::underflow_error>(), text);
  std::runtime_error a("shared");
  std::runtime_error b = a;
  SAME(a.what() == b.what(), true); // one text, counted
  std::logic_error c("assigned");
  c = std::logic_error("from");
  SAME(c.what(), std::string_view("from"));
  SAME(std::bad_alloc().what(), std::string_view("std::bad_alloc"));
  SAME(std::bad_array_new_length().what(), std::string_view("bad_array_new_length"));
  std::puts(std::exception().what());
  return probe::end();
}
