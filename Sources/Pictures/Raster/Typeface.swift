/// The outlines of letters.
///
/// They come with the package, so that a picture looks the same on every machine, also on one
/// without fonts.
struct Typeface: Sendable {
  /// A point of an outline, in units of an em.
  struct Point: Hashable, Sendable {
    var x: Double
    var y: Double

    /// Whether the outline passes through it; if not, it pulls a curve.
    var isOnCurve: Bool
  }

  /// The shape of a letter.
  struct Glyph: Hashable, Sendable {
    /// The distance to the next letter in units of an em.
    var advance: Double

    /// The closed outlines.
    var contours: [[Point]]
  }

  /// The one typeface: DejaVu Sans.
  static let sans = Typeface(Assets.glyphs)

  private let glyphs: [Character: Glyph]
  private let missing: Glyph

  /// Reads what `tools/make-glyphs` wrote.
  private init(_ bytes: [UInt8]) {
    let unit = 1.0 / 180
    var glyphs: [Character: Glyph] = [:]
    var place = 0
    func next() -> Int {
      defer { place += 1 }
      return Int(bytes[place])
    }
    while place < bytes.count {
      let code = next() | next() << 8
      var glyph = Glyph(advance: Double(next()) * unit, contours: [])
      for _ in 0..<next() {
        let count = next()
        let bits = (0..<(count + 7) / 8).map { _ in next() }
        glyph.contours.append(
          (0..<count).map { index in
            let (x, y) = (Double(next() - 18) * unit, Double(next() - 54) * unit)
            return Point(x: x, y: y, isOnCurve: bits[index / 8] >> (index % 8) & 1 == 1)
          })
      }
      if let scalar = Unicode.Scalar(UInt32(code)) { glyphs[Character(scalar)] = glyph }
    }
    self.glyphs = glyphs
    missing = glyphs["?"] ?? Glyph(advance: 0.5, contours: [])
  }

  /// The shape of `character`, and a question mark for one that is not here.
  subscript(character: Character) -> Glyph { glyphs[character] ?? missing }

  /// The width of `string` in pixels.
  func width(of string: String, size: Double) -> Double {
    string.reduce(0) { $0 + self[$1].advance * size }
  }

  /// As much of the start of `string` as fits into `room` pixels, with an ellipsis if it is cut.
  func shortened(_ string: String, size: Double, to room: Double) -> String {
    guard width(of: string, size: size) > room else { return string }
    var kept = string
    while !kept.isEmpty, width(of: kept + "…", size: size) > room { kept.removeLast() }
    return kept.isEmpty ? "" : kept + "…"
  }
}
