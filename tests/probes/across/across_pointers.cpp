#include "../probe.h"
#include "parts.h"
int main() {
  {
    auto item = parts::make(5);
    SAME(item->name(), "special 5");
    SAME(dynamic_cast<parts::Special *>(item.get()) != nullptr, true);
    std::shared_ptr<parts::Item> from_unique = std::move(item);
    auto shared = parts::share(6);
    SAME(shared.use_count(), 1l);
    SAME(parts::watched().lock() == shared, true);
    SAME(std::dynamic_pointer_cast<parts::Special>(shared)->value, 6);
    auto deleter_of_ours = std::shared_ptr<parts::Item>(new parts::Special(8), [](parts::Item *p) { delete p; });
    SAME(parts::Item::alive, 3);
  }
  SAME(parts::watched().expired(), true);
  SAME(parts::Item::alive, 0);
  THROWS(std::bad_weak_ptr, std::shared_ptr<parts::Item> dead(parts::watched()));
  std::printf("%s\n", parts::make(1)->name().c_str());
  return probe::end();
}
