#include <memory>
struct Shape { virtual ~Shape() = default; virtual int area() const = 0; };
std::unique_ptr<Shape> square(int side);
