#include "probe.h"
#include <cstddef>
#include <string>
#include <type_traits>
#include <vector>
struct Empty {};
struct Final final { virtual ~Final() = default; };
struct Abstract { virtual void f() = 0; };
union Union { int a; float b; };
struct Plain { int a; char b; };
enum Unscoped { one };
enum class Scoped : unsigned char { two };
template <class T> concept Iterable = requires(T t) { t.begin(); };
int main() {
  static_assert(std::is_empty_v<Empty> && !std::is_empty_v<Plain>);
  static_assert(std::is_final_v<Final> && std::is_polymorphic_v<Final> && std::has_virtual_destructor_v<Final>);
  static_assert(std::is_abstract_v<Abstract> && std::is_union_v<Union>);
  static_assert(std::is_trivially_copyable_v<Plain> && !std::is_trivially_copyable_v<std::string>);
  static_assert(std::is_aggregate_v<Plain> && std::is_standard_layout_v<Plain>);
  static_assert(std::is_same_v<std::underlying_type_t<Scoped>, unsigned char> && std::is_scoped_enum_v<Scoped>);
  static_assert(std::is_convertible_v<Unscoped, int> && !std::is_convertible_v<Scoped, int>);
  static_assert(std::is_same_v<std::decay_t<const int (&)[3]>, const int *>);
  static_assert(std::is_same_v<std::common_type_t<int, double>, double>);
  static_assert(std::is_same_v<std::invoke_result_t<int (*)(char), char>, int>);
  static_assert(std::is_nothrow_move_constructible_v<std::string> && std::is_nothrow_move_constructible_v<std::vector<int>>);
  static_assert(std::is_same_v<std::make_unsigned_t<long>, unsigned long> && std::rank_v<int[2][3]> == 2);
  static_assert(std::conjunction_v<std::is_integral<int>, std::is_signed<int>> && std::negation_v<std::is_void<int>>);
  static_assert(std::has_unique_object_representations_v<int> && !std::has_unique_object_representations_v<Plain>);
  static_assert(Iterable<std::string> && !Iterable<int>);
  // What this platform is.
  SAME(sizeof(void *), std::size_t(4));
  SAME(sizeof(long), std::size_t(4));
  SAME(sizeof(wchar_t), std::size_t(4));
  SAME(alignof(std::max_align_t), std::size_t(16));
  SAME(sizeof(long double), std::size_t(16));
  SAME(std::is_signed_v<char>, true);
  SAME(std::is_constant_evaluated(), false);
  std::printf("%zu\n", std::alignment_of_v<long double>);
  return probe::end();
}
