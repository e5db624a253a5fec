#include "probe.h"
#include <cmath>
#include <valarray>
int main() {
  std::valarray<double> a{1, 4, 9, 16}, b(2.0, 4);
  SAME((a * b).sum(), 60.0);
  SAME(std::valarray<double>(std::sqrt(a)).max(), 4.0);
  SAME(a.min(), 1.0);
  std::valarray<int> grid(12);
  for (int i = 0; i < 12; ++i)
    grid[i] = i;
  std::valarray<int> column = grid[std::slice(1, 3, 4)];
  SAME(column.sum(), 1 + 5 + 9);
  grid[std::slice(0, 4, 1)] = 100;
  SAME(grid[3], 100);
  std::valarray<int> corner = grid[std::gslice(4, {2, 2}, {4, 1})];
  SAME(corner.sum(), 4 + 5 + 8 + 9);
  grid[grid > 50] = 0;
  SAME(grid.max(), 11);
  std::valarray<std::size_t> chosen{4, 6};
  SAME(std::valarray<int>(grid[chosen]).sum(), 10);
  SAME(grid.shift(4)[0], 4);
  SAME(grid.cshift(-1)[0], 11);
  SAME(a.apply([](double x) { return x + 1; })[3], 17.0);
  grid += 1;
  grid.resize(2, 5);
  std::valarray<bool> same = a == a;
  SAME(same.min(), true);
  std::printf("%d %.1f\n", grid[1], std::pow(a, 0.5)[2]);
  return probe::end();
}
