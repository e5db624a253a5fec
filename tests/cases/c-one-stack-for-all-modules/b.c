int below(int *theirs) { int own[16]; volatile int *mine = own; mine[0] = 1; return (char *)mine < (char *)theirs; }
