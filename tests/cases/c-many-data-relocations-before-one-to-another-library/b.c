int there = 1234;
