extern "C" void note(int);
struct Noted { Noted() { note(sizeof "second"); } ~Noted() { note(-static_cast<int>(sizeof "second")); } };
static Noted noted;
