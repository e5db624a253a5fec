int guarded(void (*)(void));
static void nothing(void) {}
int main(void) { return guarded(nothing); }
