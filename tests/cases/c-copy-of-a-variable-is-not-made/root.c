extern int variable;
int *where(void);
int main(void) { variable = 5; return (where() == &variable) * 10 + *where(); }
