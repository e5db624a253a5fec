#include <stdexcept>
#include <string>
struct Error : std::runtime_error { // all of it inline: each module has its own description of it
  explicit Error(const std::string &text, int code = 7) : std::runtime_error(text), code(code) {}
  int code;
};
struct Final final : Error { using Error::Error; };
struct Mixed : Error, std::logic_error {
  explicit Mixed(const std::string &text) : Error(text), std::logic_error(text) {}
};
struct Keyed { virtual ~Keyed(); virtual int value() const; }; // its tables are in libb alone
struct Guard { // says when it is unwound
  const char *name;
  ~Guard();
};
void throw_in_a(int kind);
void throw_in_b(int kind);
int catch_in_a(void (*thrower)(int), int kind);
int catch_in_b(void (*thrower)(int), int kind);
void rethrow_in_b(void (*thrower)(int), int kind);
void nest_in_a();
extern "C" void call_back(void (*f)(void *), void *p);
extern "C" void sort_with(int (*compare)(const void *, const void *));
