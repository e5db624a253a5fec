struct Shape {
  int sides;
  static int made;
  explicit Shape(int n);
  Shape(const Shape &other);
  ~Shape();
};
