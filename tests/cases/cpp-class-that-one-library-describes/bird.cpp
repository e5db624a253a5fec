#include "bird.h"
void Bird::sing() const { std::printf("library: %s is a %s\n", name, typeid(*this).name()); }
const std::type_info &type_in_library() { return typeid(Bird); }
void throw_bird() { throw Bird("thrown"); }
