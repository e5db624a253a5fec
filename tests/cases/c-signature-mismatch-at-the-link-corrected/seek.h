long long seek(int file, long long offset);
