#include "img.h"
#include <cstdio>
#include <typeinfo>
struct Counting : img::Reader {
  using Reader::Reader;
  int read(int count) override { return Reader::read(count) + 1; }
};
int main() {
  Counting counting("counting");
  img::Reader plain("plain"), *readers[] = {&counting, &plain};
  for (auto *reader : readers)
    std::printf("%s %d %d %d\n", reader->name().c_str(), reader->read(3), dynamic_cast<Counting *>(reader) != nullptr,
                typeid(*reader) == typeid(img::Reader));
  try {
    plain.read(-1);
  } catch (const img::Error &error) {
    std::printf("%s\n", error.what());
  }
  std::printf("%d %d\n", img::Reader::made, img::twice(21));
}
