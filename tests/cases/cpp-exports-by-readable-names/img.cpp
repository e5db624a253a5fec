#include "img.h"
namespace img {
Error::Error(const std::string &what) : std::runtime_error(what) {}
Error::~Error() = default;
int Reader::made = 0;
__attribute__((visibility("hidden"))) int step(int count) { return half(2 * count); }
Reader::Reader(std::string name) : name_(std::move(name)) { made++; }
Reader::~Reader() = default;
int Reader::read(int count) {
  if (count < 0) throw Error(name_ + ": below zero");
  return step(count);
}
const std::string &Reader::name() const { return name_; }
template <class T> T twice(T value) { return 2 * value; }
template int twice(int);
}  // namespace img
int audio::rate() { return 44100; }
