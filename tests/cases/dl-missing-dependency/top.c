int middle(void); int top(void) { return middle(); }
