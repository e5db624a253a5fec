#include "vague.h"
static Noted own("own of one");
extern "C" int use() { local().name += " one"; variable.name += " one"; return ++Of<char>::count; }
