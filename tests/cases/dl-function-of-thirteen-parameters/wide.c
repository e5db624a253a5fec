double wide(int a, long long b, float c, double d, int e, int f, int g, int h, int i, int j, int k, long long l, double m) {
    return a + b + c + d + e + f + g + h + i + j + k + l + m;
}
