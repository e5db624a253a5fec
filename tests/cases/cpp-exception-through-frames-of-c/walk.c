int inside;
static int again(int depth, void (*call)(int)) {
    volatile char room[500] = {0}; /* on the stack, which is as before where it is caught */
    if (depth == 0)
        call(room[0]);
    else
        again(depth - 1, call);
    return room[1];
}
int walk(int depth, void (*call)(int)) {
    inside++;
    int result = again(depth, call);
    inside--; /* not reached by an exception */
    return result;
}
