//===- Hilbert.cpp - a Hilbert curve for rectangles of any size -----------===//
//
// Červený's generalised Hilbert curve ("gilbert"): the rectangle is spanned by
// a major and a minor vector and cut into two or three smaller ones until a
// line is left.
//
//===----------------------------------------------------------------------===//
#include "compiler/mapping/Place.h"

#include <cstdlib>

namespace synfire {
namespace {

struct Vector {
  int x, y;
  Vector operator+(Vector o) const { return {x + o.x, y + o.y}; }
  Vector operator-(Vector o) const { return {x - o.x, y - o.y}; }
  Vector operator-() const { return {-x, -y}; }
  /// Towards zero, component by component.
  Vector half() const { return {x / 2, y / 2}; }
  int length() const { return std::abs(x + y); }
  Vector unit() const { return {(x > 0) - (x < 0), (y > 0) - (y < 0)}; }
};

class Curve {
public:
  Curve(int width, int height) : rowWidth(width) {
    order.reserve(static_cast<std::size_t>(width) *
                  static_cast<std::size_t>(height));
    if (width >= height)
      visit({0, 0}, {width, 0}, {0, height});
    else
      visit({0, 0}, {0, height}, {width, 0});
  }

  std::vector<int> order;

private:
  void walk(Vector from, Vector step, int count) {
    for (int i = 0; i < count; ++i, from = from + step)
      order.push_back(from.y * rowWidth + from.x);
  }

  void visit(Vector from, Vector major, Vector minor) {
    const int length = major.length(), breadth = minor.length();
    const Vector along = major.unit(), across = minor.unit();
    if (breadth == 1)
      return walk(from, along, length);
    if (length == 1)
      return walk(from, across, breadth);
    Vector halfMajor = major.half(), halfMinor = minor.half();
    if (2 * length > 3 * breadth) {
      // Too long: two pieces, the first of even length where possible.
      if (halfMajor.length() % 2 != 0 && length > 2)
        halfMajor = halfMajor + along;
      visit(from, halfMajor, minor);
      visit(from + halfMajor, major - halfMajor, minor);
      return;
    }
    // Up, along the far side, and down again.
    if (halfMinor.length() % 2 != 0 && breadth > 2)
      halfMinor = halfMinor + across;
    visit(from, halfMinor, halfMajor);
    visit(from + halfMinor, major, minor - halfMinor);
    visit(from + (major - along) + (halfMinor - across), -halfMinor,
          -(major - halfMajor));
  }

  int rowWidth;
};

} // namespace

std::vector<int> hilbertOrder(int width, int height) {
  return Curve(width, height).order;
}

} // namespace synfire
