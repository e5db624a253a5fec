#include <cstdio>
#include <typeinfo>
class Bird {
public:
  explicit Bird(const char *name) : name(name) { sing(); }
  virtual ~Bird() = default;
  virtual void sing() const;
  const char *name;
};
const std::type_info &type_in_library();
void throw_bird();
