#include "probe.h"
#include <algorithm>
#include <cmath>
#include <random>
#include <sstream>
#include <vector>
int main() {
  // The standard says what the ten-thousandth number of each engine is.
  std::minstd_rand0 minstd0;
  std::minstd_rand minstd;
  std::mt19937 twister;
  std::mt19937_64 twister64;
  std::ranlux24_base base24;
  std::ranlux48 luxury48;
  std::knuth_b knuth;
  auto nth = [](auto &engine) {
    engine.discard(9999);
    return static_cast<unsigned long long>(engine());
  };
  SAME(nth(minstd0), 1043618065ull);
  SAME(nth(minstd), 399268537ull);
  SAME(nth(twister), 4123659995ull);
  SAME(nth(twister64), 9981545732273789042ull);
  SAME(nth(base24), 7937952ull);
  SAME(nth(luxury48), 249142670248501ull);
  SAME(nth(knuth), 1112339016ull);
  std::stringstream state;
  state << twister;
  std::mt19937 copy;
  state >> copy;
  SAME(copy == twister, true);
  SAME(copy(), twister());
  std::seed_seq seeds{1, 2, 3};
  std::vector<unsigned> mixed(4);
  seeds.generate(mixed.begin(), mixed.end());
  SAME(seeds.size(), std::size_t(3));
  auto mean = [&](auto distribution) {
    double sum = 0;
    for (int i = 0; i < 20000; ++i)
      sum += static_cast<double>(distribution(twister));
    return std::round(sum / 2000) / 10;
  };
  SAME(std::abs(mean(std::uniform_int_distribution<>(1, 6)) - 3.5) <= 0.1, true);
  SAME(std::abs(mean(std::normal_distribution<>(5, 2)) - 5) <= 0.1, true);
  SAME(std::abs(mean(std::exponential_distribution<>(0.5)) - 2) <= 0.1, true);
  SAME(std::abs(mean(std::poisson_distribution<>(4)) - 4) <= 0.1, true);
  SAME(std::abs(mean(std::binomial_distribution<>(10, 0.3)) - 3) <= 0.1, true);
  SAME(std::abs(mean(std::gamma_distribution<>(2, 1.5)) - 3) <= 0.1, true);
  SAME(std::abs(mean(std::discrete_distribution<>({1, 0, 3})) - 1.5) <= 0.1, true);
  SAME(std::abs(mean(std::bernoulli_distribution(0.25)) - 0.3) <= 0.1, true);
  std::uniform_real_distribution<float> real(-1, 1);
  for (int i = 0; i < 1000; ++i)
    SAME(real(twister) < 1.0f, true);
  std::random_device device;
  std::vector<unsigned> drawn{device(), device(), device(), device()};
  SAME(std::all_of(drawn.begin(), drawn.end(), [&](unsigned each) { return each == drawn[0]; }), false);
  std::vector<int> shuffled{1, 2, 3, 4, 5, 6, 7, 8}, sorted = shuffled;
  std::shuffle(shuffled.begin(), shuffled.end(), twister);
  SAME(std::is_permutation(shuffled.begin(), shuffled.end(), sorted.begin()), true);
  std::independent_bits_engine<std::mt19937, 5, unsigned> bits;
  SAME(bits.max(), 31u);
  std::puts("engines agree");
  return probe::end();
}
