internal import RealModule

/// A curve *Ax*² + *Bxy* + *Cy*² + *Dx* + *Ey* + *F* = 0 in coordinates moved and scaled to the data.
struct Conic {
  private var square: SIMD3<Double>
  private var line: SIMD3<Double>
  private let center: SIMD2<Double>
  private let scale: Double

  /// The ellipse with the least sum of squared residues, where 4*AC* − *B*² is kept at one.
  init?(fitting samples: Span<Float>) {
    let count = samples.count / 2
    guard count >= 6 else { return nil }
    var sum = SIMD2<Double>.zero
    for index in 0..<count { sum += Self.point(samples, index) }
    let center = sum / Double(count)
    var spread = 0.0
    for index in 0..<count {
      let offset = Self.point(samples, index) - center
      spread += (offset * offset).sum()
    }
    let scale = (spread / Double(count)).squareRoot()
    guard scale > 0, scale.isFinite else { return nil }
    self.center = center
    self.scale = scale

    // Sums of products of squares with squares, squares with the line, and within the line.
    var squares = Matrix3()
    var mixed = Matrix3()
    var lines = Matrix3()
    for index in 0..<count {
      let place = (Self.point(samples, index) - center) / scale
      let square = SIMD3(place.x * place.x, place.x * place.y, place.y * place.y)
      let line = SIMD3(place.x, place.y, 1)
      squares.addProduct(square, square)
      mixed.addProduct(square, line)
      lines.addProduct(line, line)
    }
    guard let inverse = lines.inverse else { return nil }
    // The best line for given squares is −(mixed · inverse)ᵀ · squares, which leaves `reduced`.
    let elimination = mixed.times(inverse)
    let reduced = squares.minus(elimination.times(mixed.transposed))
    // The inverse of the constraint, whose matrix has 2 in the corners and −1 in the middle.
    let constrained = Matrix3(
      rows: [reduced.rows[2] / 2, -reduced.rows[1], reduced.rows[0] / 2])
    let candidates = constrained.realEigenvalues.compactMap { value -> SIMD3<Double>? in
      let vector = constrained.nullVector(shiftedBy: value)
      let determinant = 4 * vector.x * vector.z - vector.y * vector.y
      return determinant > 1e-9 * (vector * vector).sum() ? vector : nil
    }
    guard let best = candidates.first else { return nil }
    square = best
    line = -elimination.transposed.times(best)
  }

  /// What the ellipse says about a quadrature receiver.
  var imbalance: QuadratureImbalance? {
    let sign = square.x < 0 ? -1.0 : 1.0
    let (a, b, c) = (sign * square.x, sign * square.y, sign * square.z)
    let determinant = 4 * a * c - b * b
    guard a > 0, c > 0, determinant > 0 else { return nil }
    let x = sign * (b * line.y - 2 * c * line.x) / determinant
    let y = sign * (b * line.x - 2 * a * line.y) / determinant
    let sine = -b / (2 * (a * c).squareRoot())
    let gain = (a / c).squareRoot()
    guard gain.isFinite, x.isFinite, y.isFinite, abs(sine) < 1 else { return nil }
    return QuadratureImbalance(
      inPhaseOffset: center.x + scale * x, quadratureOffset: center.y + scale * y, gain: gain,
      phase: .asin(sine))
  }

  private static func point(_ samples: Span<Float>, _ index: Int) -> SIMD2<Double> {
    SIMD2(Double(samples[2 * index]), Double(samples[2 * index + 1]))
  }
}
