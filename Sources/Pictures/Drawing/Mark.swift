/// A place on a picture in pixels, counted from its left upper corner.
struct Rectangle: Hashable, Sendable {
  var x: Double
  var y: Double
  var width: Double
  var height: Double

  var right: Double { x + width }
  var bottom: Double { y + height }
  var middle: Double { y + height / 2 }
}

/// A piece of text on a picture.
struct Text: Hashable, Sendable {
  /// Which end of the text stands at its place.
  enum Anchor: String, Hashable, Sendable {
    case start, middle, end
  }

  var string: String
  var x: Double

  /// The base line.
  var y: Double
  var size: Double
  var anchor = Anchor.start

  /// Whether it runs upwards.
  var isUpright = false
  var color = PixelColor.ink
}

/// One of the things that a picture consists of.
enum Mark: Hashable, Sendable {
  /// The coloured cells.
  case cells(Rectangle)

  /// The colours from the lowest level to the highest, from the bottom to the top.
  case colors(Rectangle)

  /// An evenly coloured rectangle.
  case fill(Rectangle, PixelColor)

  /// Text.
  case text(Text)

  /// The inside of a polygon.
  case area([SIMD2<Double>], PixelColor, opacity: Double)

  /// Straight lines from point to point, with round ends: a point twice is a dot.
  case line([SIMD2<Double>], PixelColor, width: Double)
}

extension PixelColor {
  /// What text is written in.
  static let ink = PixelColor(red: 0x22, green: 0x22, blue: 0x22)

  /// What is said quietly.
  static let pale = PixelColor(red: 0x66, green: 0x66, blue: 0x66)

  /// The lines that lead from a number on an axis through a chart.
  static let grid = PixelColor(red: 0xdd, green: 0xdd, blue: 0xdd)

  /// The paper.
  static let paper = PixelColor(red: 0xff, green: 0xff, blue: 0xff)

  /// Colours that tell gestures apart, also for people who see no red or no green (Okabe and Ito).
  static let labels = [
    PixelColor(red: 0x00, green: 0x72, blue: 0xb2), PixelColor(red: 0xd5, green: 0x5e, blue: 0x00),
    PixelColor(red: 0x00, green: 0x9e, blue: 0x73), PixelColor(red: 0xcc, green: 0x79, blue: 0xa7),
    PixelColor(red: 0xe6, green: 0x9f, blue: 0x00), PixelColor(red: 0x56, green: 0xb4, blue: 0xe9),
  ]
}
