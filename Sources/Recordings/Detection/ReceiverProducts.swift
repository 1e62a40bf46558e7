internal import RealModule

/// The sums over chirps of what each receiver measured in a bin times the conjugate of each other.
struct ReceiverProducts: Sendable {
  private let receivers: Int

  /// The lower triangle, row by row, real and imaginary.
  private var sums: [SIMD2<Double>]

  init(receivers: Int) {
    self.receivers = receivers
    sums = Array(repeating: .zero, count: receivers * (receivers + 1) / 2)
  }

  /// Adds a chirp, given what each receiver measured.
  mutating func add(_ value: (_ receiver: Int) -> SIMD2<Float>) {
    var place = 0
    for row in 0..<receivers {
      let a = SIMD2<Double>(value(row))
      for column in 0...row {
        let b = SIMD2<Double>(value(column))
        sums[place] += SIMD2(a.x * b.x + a.y * b.y, a.y * b.x - a.x * b.y)
        place += 1
      }
    }
  }

  /// The power of all receivers together.
  var power: Double { (0..<receivers).reduce(0) { $0 + self[$1, $1].x } }

  private subscript(row: Int, column: Int) -> SIMD2<Double> { sums[row * (row + 1) / 2 + column] }

  /// How well the receivers agree with the first one, from zero to one.
  var coherence: Double? {
    let first = self[0, 0].x
    let coherences = (1..<max(receivers, 1)).compactMap { receiver -> Double? in
      let scale = (first * self[receiver, receiver].x).squareRoot()
      guard scale > 0 else { return nil }
      return (self[receiver, 0] * self[receiver, 0]).sum().squareRoot() / scale
    }
    return coherences.isEmpty ? nil : coherences.reduce(0, +) / Double(coherences.count)
  }

  /// The logarithm of the determinant if receivers had nothing in common.
  func logarithmOfPowers(unit: Double) -> Double {
    (0..<receivers).reduce(0) { $0 + .log(max(self[$1, $1].x / unit, 1e-6)) }
  }

  /// The logarithm of the determinant of the sums in terms of `unit`, by a decomposition after
  /// Cholesky.
  func logarithmOfDeterminant(unit: Double) -> Double {
    var factor = [SIMD2<Double>](repeating: .zero, count: sums.count)
    var logarithm = 0.0
    for row in 0..<receivers {
      let start = row * (row + 1) / 2
      for column in 0...row {
        let other = column * (column + 1) / 2
        var rest = self[row, column] / unit
        for place in 0..<column {
          let (a, b) = (factor[start + place], factor[other + place])
          rest -= SIMD2(a.x * b.x + a.y * b.y, a.y * b.x - a.x * b.y)
        }
        guard column == row else {
          factor[start + column] = rest / factor[other + column].x
          continue
        }
        // Lanes that carry nothing, and rounding, leave nothing: that is far below any noise.
        let pivot = max(rest.x, 1e-6)
        factor[start + column] = SIMD2(pivot.squareRoot(), 0)
        logarithm += .log(pivot)
      }
    }
    return logarithm
  }

  /// The expected logarithm of the determinant for white noise: less than zero, because sums of few
  /// chirps are never round (Goodman, 1963).
  static func logarithmOfNoise(receivers: Int, chirps: Int) -> Double {
    (0..<receivers).reduce(0) { sum, index in
      let count = Double(max(chirps - index, 1))
      // The digamma function by its first terms.
      return sum + .log(count / Double(chirps)) - 1 / (2 * count) - 1 / (12 * count * count)
    }
  }
}
