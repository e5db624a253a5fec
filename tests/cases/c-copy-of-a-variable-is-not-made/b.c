int variable = 1;
int *where(void) { return &variable; }
