typedef int (*fn)(int);
int plus(int x) { return x + 1; }
int minus(int);
fn table[] = {plus, minus, 0};
int apply_all(fn *functions, int x) {
  int result = 0;
  for (; *functions; functions++) result = 100 * result + (*functions)(x);
  return result;
}
