_Thread_local int shared = 5;
static _Thread_local int zero;
int next(void) { return shared++ + 100 * zero++; }
