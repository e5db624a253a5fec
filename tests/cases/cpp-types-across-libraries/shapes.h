#include <any>
#include <typeinfo>
struct Shape { virtual ~Shape() = default; virtual int sides() const { return 0; } };
struct Square : Shape { int sides() const override { return 4; } };
struct Round final : Shape { int sides() const override { return 1; } };
struct Left : virtual Shape { int left = 1; };
struct Right : virtual Shape { int right = 2; };
struct Both : Left, Right { int sides() const override { return left + right; } };
template <class T> struct Box : Shape { T value{}; };
Shape *make(int kind);
const std::type_info &type_in_b(int kind);
std::any any_in_b();
void throw_hidden();
bool catches_hidden(void (*thrower)());
