struct Shape {
  virtual int area() const;
  virtual int twice() const { return 2 * area(); }
};
int describe(const Shape &shape);
Shape &standard();
