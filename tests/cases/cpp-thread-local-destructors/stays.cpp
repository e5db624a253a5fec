#include "noted.h"
static thread_local Noted first("stays: first"), second("stays: second"), never("stays: never"); // made together, at the first use
static Noted plain("stays: not of the thread");
extern "C" void use_stays() { thread_local Noted inside("stays: inside of a function"); std::printf("%s, %s\n", first.name, inside.name); }
