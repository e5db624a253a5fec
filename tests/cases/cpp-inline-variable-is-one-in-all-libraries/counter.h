inline int &counter() { static int value = 5; return value; }
