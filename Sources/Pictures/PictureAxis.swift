internal import RealModule

/// One axis of a picture: what it measures, in which unit, and where its cells lie.
public struct PictureAxis: Hashable, Sendable {
  /// What is measured, with its unit: `range (m)`.
  public var title: String

  /// The unit after a number: `m`.
  public var unit: String

  /// The number of cells.
  public var count: Int

  /// The centre of the first cell.
  public var first: Double

  /// The distance between the centres of neighbouring cells, which is positive.
  public var step: Double

  /// Creates an axis.
  ///
  /// - Precondition: There is a cell, and `step` is positive.
  public init(title: String, unit: String, count: Int, first: Double, step: Double) {
    precondition(count > 0 && step > 0, "an axis needs a cell of positive size")
    self.title = title
    self.unit = unit
    self.count = count
    self.first = first
    self.step = step
  }

  /// Where the first cell begins.
  public var lower: Double { first - step / 2 }

  /// Where the last cell ends.
  public var upper: Double { first + (Double(count) - 0.5) * step }

  /// The centre of the cell with the number `index`.
  public func value(at index: Int) -> Double { first + Double(index) * step }

  /// How far `value` lies along the axis: zero at ``lower`` and one at ``upper``.
  public func share(of value: Double) -> Double { (value - lower) / (upper - lower) }
}

// MARK: - Ticks

extension PictureAxis {
  /// A marked place on an axis.
  public struct Tick: Hashable, Sendable {
    /// The value at the place.
    public var value: Double

    /// The value as it is written.
    public var label: String
  }

  /// Round values along the axis, with the decimals that their distance needs.
  public func ticks(atMost limit: Int) -> [Tick] {
    Self.ticks(from: lower, to: upper, atMost: limit)
  }

  /// Round values from `lower` to `upper`: one, two, two and a half or five times a power of ten
  /// apart, as close as `limit` of them allow.
  ///
  /// - Precondition: `upper` is above `lower`, both are finite, and `limit` is at least two.
  public static func ticks(from lower: Double, to upper: Double, atMost limit: Int) -> [Tick] {
    precondition(lower < upper && (upper - lower).isFinite, "ticks need a finite interval")
    precondition(limit >= 2, "an axis needs room for two ticks")
    let smallest = (upper - lower) / Double(limit)
    let exponent = Double.log10(smallest).rounded(.down)
    for power in [exponent, exponent + 1] {
      let unit = Double.exp10(power)
      for (factor, decimals) in [(1.0, 0), (2, 0), (2.5, 1), (5, 0)] {
        let step = factor * unit
        // A tick right at an end must not be lost to rounding.
        let first = (lower / step - 1e-9).rounded(.up)
        let last = (upper / step + 1e-9).rounded(.down)
        guard last - first + 1 <= Double(limit) else { continue }
        let places = max(decimals - Int(power), 0)
        return stride(from: first, through: last, by: 1).map { index in
          Tick(value: index * step, label: number(index * step, decimals: places))
        }
      }
    }
    return []
  }
}

/// `value` with a fixed count of decimals and a true minus sign, never a negative zero.
func number(_ value: Double, decimals: Int) -> String {
  guard value.isFinite, abs(value) < 1e15 else { return "\(value)" }
  let scale = (0..<decimals).reduce(1.0) { product, _ in product * 10 }
  guard abs(value) * scale < 1e15 else { return "\(value)" }
  let scaled = Int((abs(value) * scale).rounded())
  var digits = String(scaled)
  if decimals > 0 {
    digits = String(repeating: "0", count: max(decimals + 1 - digits.count, 0)) + digits
    digits.insert(".", at: digits.index(digits.endIndex, offsetBy: -decimals))
  }
  return value < 0 && scaled > 0 ? "−" + digits : digits
}
