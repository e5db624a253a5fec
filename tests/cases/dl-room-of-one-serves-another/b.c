char room[80000];
