struct Thrower { Thrower() { throw 5; } };
static Thrower thrower;
int main() {}
