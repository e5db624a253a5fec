extern "C" void note(int);
struct Noted { Noted() { note(sizeof "first"); } ~Noted() { note(-static_cast<int>(sizeof "first")); } };
static Noted noted;
