extern "C" void log_(int);
struct Talker { int number; Talker(int n) : number(n) { log_(n); } };
Talker one(1);
static Talker two(2);
