struct Shape { virtual ~Shape(); virtual int area() const; };
inline int count = 0;
