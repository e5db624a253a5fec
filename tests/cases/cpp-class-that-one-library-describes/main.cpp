#include "bird.h"
static Bird early("early"); // its table of virtual functions is the library's, and there before any constructor runs
class Owl : public Bird {
public:
  Owl() : Bird("owl") {}
  void sing() const override { std::printf("program: %s is an %s\n", name, typeid(*this).name()); }
};
int main() {
  std::printf("main: %s\n", typeid(Bird).name());
  Owl owl;
  Bird *birds[] = {&early, &owl};
  for (Bird *bird : birds) {
    bird->sing();
    std::printf("an owl: %d\n", dynamic_cast<Owl *>(bird) != nullptr);
  }
  std::printf("one object: %d\n", &typeid(early) == &type_in_library());
  try { throw_bird(); } catch (const Bird &caught) { caught.sing(); }
  try { throw owl; } catch (const Bird &caught) { caught.sing(); }
}
