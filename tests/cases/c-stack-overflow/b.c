int victim = 7;
