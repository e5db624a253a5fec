extern "C" void log_(int);
struct Talker { int number; Talker(int n) : number(n) { log_(n); } };
extern Talker one;
Talker three(one.number + 2);
