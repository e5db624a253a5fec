char *where(int depth) { volatile char frame[64]; frame[0] = depth; return depth <= 1 ? (char *)(unsigned long)frame : where(depth - 1) + frame[1] * 0; }
