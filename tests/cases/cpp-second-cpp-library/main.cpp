extern "C" int b();
int main() {
  if (b() > 1) throw 1;
}
