extern int there;
static int here[100];
#define TEN(t) &here[t + 0], &here[t + 1], &here[t + 2], &here[t + 3], &here[t + 4], \
               &here[t + 5], &here[t + 6], &here[t + 7], &here[t + 8], &here[t + 9]
int *pointers[] = {TEN(0), TEN(10), TEN(20), TEN(30), TEN(40), TEN(50), TEN(60), TEN(70), TEN(80), TEN(90), &there};

int own(void) {
    int right = 0;
    for (int i = 0; i < 100; i++) right += pointers[i] == &here[i];
    return right;
}
int theirs(void) { return *pointers[100]; }
