/// Pixels to draw on.
struct Canvas: Sendable {
  let width: Int
  let height: Int

  /// The pixels, `[row, column, component]`, with red, green and blue.
  private(set) var pixels: [UInt8]

  init(width: Int, height: Int, color: PixelColor = .paper) {
    self.width = width
    self.height = height
    pixels = Array(repeating: 0, count: 3 * width * height)
    fill(Rectangle(x: 0, y: 0, width: Double(width), height: Double(height)), color)
  }

  /// Colours one pixel.
  mutating func set(x: Int, y: Int, _ color: PixelColor) {
    let place = 3 * (y * width + x)
    pixels[place] = color.red
    pixels[place + 1] = color.green
    pixels[place + 2] = color.blue
  }

  /// Colours the pixels of `rectangle`, whose corners lie between pixels.
  mutating func fill(_ rectangle: Rectangle, _ color: PixelColor) {
    for y in max(Int(rectangle.y), 0)..<max(min(Int(rectangle.bottom), height), 0) {
      for x in max(Int(rectangle.x), 0)..<max(min(Int(rectangle.right), width), 0) {
        set(x: x, y: y, color)
      }
    }
  }

  /// Draws what needs nothing but itself, which cells and their colours do not.
  mutating func draw(_ mark: Mark) {
    switch mark {
    case .cells, .colors: break
    case .fill(let place, let color): fill(place, color)
    case .text(let text): fill(Outline(text, typeface: .sans), text.color)
    case .area(let points, let color, let opacity):
      fill(Outline(polygon: points), color, opacity: Float(opacity))
    case .line(let points, let color, let width):
      fill(Outline(along: points, width: width), color)
    }
  }

  /// Colours the inside of `outline`.
  private mutating func fill(_ outline: Outline, _ color: PixelColor, opacity: Float = 1) {
    let coverage = Coverage(of: outline)
    for row in 0..<coverage.height {
      for column in 0..<coverage.width {
        let share = opacity * coverage.shares[row * coverage.width + column]
        let (x, y) = (coverage.left + column, coverage.top + row)
        guard share > 0, x >= 0, y >= 0, x < width, y < height else { continue }
        let place = 3 * (y * width + x)
        for (index, ink) in [color.red, color.green, color.blue].enumerated() {
          let paper = Float(pixels[place + index])
          pixels[place + index] = UInt8((paper + (Float(ink) - paper) * share).rounded())
        }
      }
    }
  }

  /// Draws the cells of `picture` into `rectangle`.
  ///
  /// Where several cells share a pixel the highest is shown: an echo must not get lost.
  mutating func draw(cellsOf picture: Picture, in rectangle: Rectangle) {
    let (columns, rows) = (picture.horizontal.count, picture.vertical.count)
    let across = cells(pixels: Int(rectangle.width), count: columns)
    let up = cells(pixels: Int(rectangle.height), count: rows)
    for (line, rowRange) in up.enumerated() {
      let y = Int(rectangle.bottom) - 1 - line
      for (place, columnRange) in across.enumerated() {
        var level = Float.nan
        for row in rowRange {
          for column in columnRange {
            level = Float.maximum(level, picture.levels[row * columns + column])
          }
        }
        set(x: Int(rectangle.x) + place, y: y, picture.color(of: level))
      }
    }
  }
}

/// The cells that each of `pixels` shows when `count` cells lie along them.
private func cells(pixels: Int, count: Int) -> [Range<Int>] {
  (0..<pixels).map { pixel in
    let first = pixel * count / pixels
    return first..<max((pixel + 1) * count / pixels, first + 1)
  }
}
