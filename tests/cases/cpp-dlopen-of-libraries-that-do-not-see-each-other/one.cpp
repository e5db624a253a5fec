#include "error.h"
static Noisy noisy("one");
static thread_local Noisy of_thread("the thread's");
extern "C" void raise_error() { std::printf("%s throws\n", of_thread.name); throw Error("from one"); }
