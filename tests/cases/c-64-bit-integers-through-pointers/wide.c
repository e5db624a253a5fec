typedef long long (*operation)(long long, int);
long long shifted(long long value, int bits) { return value << bits; }
long long added(long long value, int n) { return value + n; }
operation operations[] = {shifted, added};
long long apply(operation f, long long value, int n) { return f(value, n); }
void store(long long *place, long long value) { *place = -value; }
