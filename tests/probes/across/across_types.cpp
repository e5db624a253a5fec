#include "../probe.h"
#include "parts.h"
namespace { struct Hidden {}; }
int main() {
  SAME(parts::names().at(typeid(int)), "int");
  SAME(parts::names().at(typeid(*parts::make(1))), "Special");
  SAME(parts::names().count(typeid(Hidden)), std::size_t(0));
  SAME(typeid(std::vector<parts::Item>).hash_code() == parts::names().rbegin()->first.hash_code() ||
           parts::names().count(typeid(std::vector<parts::Item>)) == 1, true);
  parts::Special ours(2);
  parts::Item &base = ours;
  SAME(typeid(base) == typeid(*parts::share(1)), true);
  std::puts(parts::names().at(typeid(std::vector<parts::Item>)).c_str());
  return probe::end();
}
