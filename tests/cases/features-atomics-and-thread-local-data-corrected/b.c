static _Thread_local int local = 3;
int next(void) { return local++; }
