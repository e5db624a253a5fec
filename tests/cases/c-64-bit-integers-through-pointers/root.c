typedef long long (*operation)(long long, int);
long long shifted(long long, int);
extern operation operations[];
long long apply(operation, long long, int);
void store(long long *, long long);

static long long multiplied(long long value, int n) { return value * n; }
long long given(void) { return apply(multiplied, 0x123456789LL, -16); }
long long taken(void) {
    operation volatile f = shifted;
    return f(0x123456789LL, 20);
}
long long table(void) { return operations[0](1, 40) + operations[1](1LL << 62, -1); }
long long stored(void) {
    void (*volatile f)(long long *, long long) = store;
    long long value = 0;
    f(&value, 0x7fffffffffLL);
    return value;
}
