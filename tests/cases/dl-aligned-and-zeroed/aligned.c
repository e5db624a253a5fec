_Alignas(1024) char aligned[3] = {1, 2, 3}; char zeros[5000];
