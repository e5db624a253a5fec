#pragma once
#include <stdexcept>
#include <string>
namespace img {
struct Error : std::runtime_error {
  explicit Error(const std::string &what);
  ~Error() override;
};
class Reader {
 public:
  explicit Reader(std::string name);
  virtual ~Reader();
  virtual int read(int count);
  const std::string &name() const;
  static int made;

 private:
  std::string name_;
};
template <class T> T twice(T value);
extern template int twice(int);
inline int half(int value) { return value / 2; }
}  // namespace img
namespace audio {
int rate();
}
