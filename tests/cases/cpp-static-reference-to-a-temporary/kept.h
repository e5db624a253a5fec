#pragma once
#include <cstdio>
struct Kept {
  int number;
  explicit Kept(int number) : number(number) {}
  ~Kept() { std::printf("~Kept %d\n", number); }
};
int of_library();
