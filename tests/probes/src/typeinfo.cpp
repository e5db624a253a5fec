#include "probe.h"
#include <cxxabi.h>
#include <cstdlib>
#include <map>
#include <string>
#include <typeindex>
#include <typeinfo>
namespace shop { struct Base { virtual ~Base() = default; }; struct Item : Base {}; template <class T> struct Box {}; }
std::string readable(const std::type_info &type) {
  int status = -1;
  char *text = abi::__cxa_demangle(type.name(), nullptr, nullptr, &status);
  std::string found = status == 0 ? text : "?";
  std::free(text);
  return found;
}
int main() {
  shop::Item item;
  shop::Base &base = item;
  SAME(typeid(base) == typeid(shop::Item), true);
  SAME(readable(typeid(base)), "shop::Item");
  SAME(readable(typeid(shop::Box<std::pair<int, char>>)), "shop::Box<std::__1::pair<int, char>>");
  SAME(typeid(const int &) == typeid(int), true);
  SAME(typeid(int).before(typeid(long)) != typeid(long).before(typeid(int)), true);
  std::map<std::type_index, std::string> names{{typeid(int), "int"}, {typeid(shop::Item), "item"}};
  SAME(names.at(typeid(base)), "item");
  SAME(std::hash<std::type_index>()(typeid(int)) == typeid(int).hash_code(), true);
  THROWS(std::bad_cast, (void)dynamic_cast<std::exception &>(base));
  shop::Base *nothing = nullptr;
  THROWS(std::bad_typeid, probe::show(typeid(*nothing).name()));
  SAME(dynamic_cast<shop::Item *>(&base) == &item, true);
  SAME(dynamic_cast<void *>(&base) == &item, true);
  std::puts(readable(typeid(int (*)(char))).c_str());
  return probe::end();
}
