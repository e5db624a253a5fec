long long large = 1234567890123456789LL; long long mix(long long a, int b, unsigned long long c) { return a * b + (long long)(c / 1000); }
