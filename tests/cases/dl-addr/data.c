char before = 1; char array[100] = {2}; int function(void) { return array[0] + before; }
