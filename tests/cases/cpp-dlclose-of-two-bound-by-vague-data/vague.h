#include <cstdio>
#include <string>
struct Noted { std::string name; Noted(const char *n) : name(n) { std::printf("made: %s\n", n); } ~Noted() { std::printf("gone: %s\n", name.c_str()); } };
inline Noted variable("variable");
template <class T> struct Of { static inline int count = 0; };
inline Noted &local() { static Noted one("local"); return one; }
