/// A colour of eight bits a component.
public struct PixelColor: Hashable, Sendable {
  /// The red component.
  public var red: UInt8

  /// The green component.
  public var green: UInt8

  /// The blue component.
  public var blue: UInt8

  /// Creates a colour.
  public init(red: UInt8, green: UInt8, blue: UInt8) {
    self.red = red
    self.green = green
    self.blue = blue
  }

  /// The colour in hexadecimal, as in `#440154`.
  public var hexadecimal: String {
    let digits = Array("0123456789abcdef")
    return [red, green, blue].reduce(into: "#") { text, byte in
      text.append(digits[Int(byte >> 4)])
      text.append(digits[Int(byte & 15)])
    }
  }
}

/// Colours for levels: equal steps of the level look equally large, also without hue.
///
/// The colours are those of viridis, by Smith, van der Walt and Firing: from dark violet to bright
/// yellow, with a lightness that rises evenly.
public struct ColorMap: Hashable, Sendable {
  /// The colours from the lowest level to the highest.
  public let colors: [PixelColor]

  /// The colour of a place where nothing was measured.
  public let blank = PixelColor(red: 0xdd, green: 0xdd, blue: 0xdd)

  /// The one map.
  public static let viridis = ColorMap()

  private init() {
    let bytes = Assets.viridis
    colors = stride(from: 0, to: bytes.count, by: 3).map {
      PixelColor(red: bytes[$0], green: bytes[$0 + 1], blue: bytes[$0 + 2])
    }
  }

  /// The colour of `share`, which is zero at the lowest level and one at the highest.
  ///
  /// Shares beyond are drawn like the nearest end, and what is no number is ``blank``.
  public func color(at share: Float) -> PixelColor {
    guard !share.isNaN else { return blank }
    let index = min(max(share, 0), 1) * Float(colors.count - 1)
    return colors[Int(index.rounded())]
  }
}
