static _Atomic int count = 4;
int bump(void) { return ++count; }
