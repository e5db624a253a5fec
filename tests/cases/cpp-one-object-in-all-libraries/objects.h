#include <cstdio>
struct Made { int number; explicit Made(int n) : number(n) { std::printf("made %d\n", n); } ~Made() { std::printf("ended %d\n", number); } };
inline Made variable(1);
inline int plain = 5;
inline Made &local() { static Made made(2); return made; }
template <class T> struct Of { static inline Made member{3}; static T count; };
template <class T> T Of<T>::count = 0;
inline thread_local int of_thread = 8;
struct Seen { const void *variable, *plain, *local, *member, *count, *of_thread; };
inline Seen see() {
  ++plain; ++Of<int>::count; ++of_thread;
  return {&variable, &plain, &local(), &Of<long>::member, &Of<int>::count, &of_thread};
}
Seen a_sees(); Seen b_sees();
