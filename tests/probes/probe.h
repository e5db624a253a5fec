// What every probe says of itself: SAME(what it found, what the standard says) prints where they differ.
#pragma once

#include <cstdio>
#include <stdexcept>
#include <string_view>
#include <type_traits>

namespace probe {

inline int differing = 0;

template <class T> void show(const T &value) {
  if constexpr (std::is_same_v<T, bool>)
    std::printf(value ? "true" : "false");
  else if constexpr (std::is_enum_v<T>)
    show(static_cast<std::underlying_type_t<T>>(value));
  else if constexpr (std::is_integral_v<T> && std::is_unsigned_v<T>)
    std::printf("%llu", static_cast<unsigned long long>(value));
  else if constexpr (std::is_integral_v<T>)
    std::printf("%lld", static_cast<long long>(value));
  else if constexpr (std::is_floating_point_v<T>)
    std::printf("%.17g", static_cast<double>(value));
  else if constexpr (std::is_convertible_v<const T &, std::string_view>) {
    std::string_view text = value;
    std::printf("\"%.*s\"", static_cast<int>(text.size()), text.data());
  } else
    std::printf("another value");
}

template <class A, class B> void same(int line, const char *what, const A &found, const B &wanted) {
  if (found == wanted)
    return;
  ++differing;
  std::printf("line %d: %s is ", line, what);
  show(found);
  std::printf(", and not ");
  show(wanted);
  std::printf("\n");
}

// The exit status of the probe.
inline int end() { return differing ? 1 : 0; }

} // namespace probe

#define SAME(found, ...) probe::same(__LINE__, #found, found, __VA_ARGS__)
#define THROWS(type, ...)                                                                                              \
  do {                                                                                                                 \
    const char *thrown = "nothing";                                                                                    \
    try {                                                                                                              \
      __VA_ARGS__;                                                                                                     \
    } catch (const type &) {                                                                                           \
      thrown = #type;                                                                                                  \
    } catch (...) {                                                                                                    \
      thrown = "something else";                                                                                       \
    }                                                                                                                  \
    probe::same(__LINE__, "what `" #__VA_ARGS__ "` throws", std::string_view(thrown), std::string_view(#type));        \
  } while (false)
