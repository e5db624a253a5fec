#include "noted.h"
static thread_local Noted first("leaves: first"), second("leaves: second"), never("leaves: never"); // made together, at the first use
static Noted plain("leaves: not of the thread");
extern "C" void use_leaves() { thread_local Noted inside("leaves: inside of a function"); std::printf("%s, %s\n", first.name, inside.name); }
