#include "vague.h"
static Noted own("own of two");
extern "C" int use() { local().name += " two"; variable.name += " two"; return ++Of<char>::count; }
