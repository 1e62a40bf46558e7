internal import RealModule

/// A matrix of three rows and columns.
struct Matrix3 {
  var rows: [SIMD3<Double>] = [.zero, .zero, .zero]

  init(rows: [SIMD3<Double>] = [.zero, .zero, .zero]) { self.rows = rows }

  mutating func addProduct(_ column: SIMD3<Double>, _ row: SIMD3<Double>) {
    for index in 0..<3 { rows[index] += column[index] * row }
  }

  var transposed: Matrix3 {
    Matrix3(rows: (0..<3).map { SIMD3(rows[0][$0], rows[1][$0], rows[2][$0]) })
  }

  func times(_ vector: SIMD3<Double>) -> SIMD3<Double> {
    SIMD3((rows[0] * vector).sum(), (rows[1] * vector).sum(), (rows[2] * vector).sum())
  }

  func times(_ other: Matrix3) -> Matrix3 {
    let columns = other.transposed.rows.map(times)
    return Matrix3(rows: columns).transposed
  }

  func minus(_ other: Matrix3) -> Matrix3 {
    Matrix3(rows: zip(rows, other.rows).map { $0 - $1 })
  }

  private var determinant: Double { (rows[0] * cross(rows[1], rows[2])).sum() }

  /// `nil` for a matrix that is singular to working precision.
  var inverse: Matrix3? {
    let determinant = determinant
    let size = rows.map { ($0 * $0).sum().squareRoot() }.reduce(1, *)
    guard abs(determinant) > 1e-12 * size else { return nil }
    let columns = [cross(rows[1], rows[2]), cross(rows[2], rows[0]), cross(rows[0], rows[1])]
    return Matrix3(rows: columns.map { $0 / determinant }).transposed
  }

  /// The real roots of the characteristic polynomial.
  var realEigenvalues: [Double] {
    let trace = rows[0].x + rows[1].y + rows[2].z
    let minors =
      rows[0].x * rows[1].y - rows[0].y * rows[1].x + rows[0].x * rows[2].z - rows[0].z * rows[2].x
      + rows[1].y * rows[2].z - rows[1].z * rows[2].y
    // λ = trace/3 + t turns the polynomial into t³ + pt + q.
    let shift = trace / 3
    let p = minors - trace * trace / 3
    let q = -2 * trace * trace * trace / 27 + trace * minors / 3 - determinant
    let discriminant = q * q / 4 + p * p * p / 27
    if discriminant > 0 {
      let root = discriminant.squareRoot()
      return [shift + .root(-q / 2 + root, 3) + .root(-q / 2 - root, 3)]
    }
    let radius = 2 * max(-p / 3, 0).squareRoot()
    guard radius > 0 else { return [shift] }
    let angle = Double.acos(min(max(3 * q / (p * radius), -1), 1)) / 3
    return (0..<3).map { shift + radius * .cos(angle - 2 * .pi * Double($0) / 3) }
  }

  /// A vector that the matrix less `value` times the identity turns to zero.
  func nullVector(shiftedBy value: Double) -> SIMD3<Double> {
    var shifted = self
    for index in 0..<3 { shifted.rows[index][index] -= value }
    let products = [(0, 1), (1, 2), (2, 0)].map { cross(shifted.rows[$0], shifted.rows[$1]) }
    let longest = products.max { ($0 * $0).sum() < ($1 * $1).sum() } ?? .zero
    let length = (longest * longest).sum().squareRoot()
    return length > 0 ? longest / length : .zero
  }
}

/// The product that is perpendicular to both vectors.
private func cross(_ a: SIMD3<Double>, _ b: SIMD3<Double>) -> SIMD3<Double> {
  SIMD3(a.y * b.z - a.z * b.y, a.z * b.x - a.x * b.z, a.x * b.y - a.y * b.x)
}
