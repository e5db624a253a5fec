int fork(void);
int waitpid(int, int *, int);
int socket(int, int, int);

int use(void) {
    int status = 0;
    waitpid(fork(), &status, 0);
    return socket(1, 2, 3) + status;
}
