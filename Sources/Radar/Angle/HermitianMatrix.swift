public import ComplexModule
public import RealModule

/// A complex matrix that is its own conjugate transpose, with its eigenvalues.
public struct HermitianMatrix: Hashable, Sendable {
  /// The number of rows and columns.
  public let size: Int

  /// The elements, row-major.
  public private(set) var elements: [Complex<Double>]

  /// Creates a matrix of zeros.
  ///
  /// - Precondition: `size` is positive.
  public init(size: Int) {
    precondition(size > 0, "a matrix needs a row")
    self.size = size
    elements = Array(repeating: .zero, count: size * size)
  }

  /// One element.
  public subscript(row: Int, column: Int) -> Complex<Double> {
    elements[row * size + column]
  }

  /// Adds `weight` times the outer product of `vector` with itself.
  ///
  /// - Precondition: `vector` has ``size`` elements.
  public mutating func addOuterProduct(of vector: [Complex<Double>], weight: Double = 1) {
    precondition(
      vector.count == size, "a vector of \(vector.count) does not fit a matrix of \(size)")
    for row in 0..<size {
      for column in 0..<size {
        elements[row * size + column] += (vector[row] * vector[column].conjugate).multiplied(
          by: weight)
      }
    }
  }

  /// The matrix with every element multiplied by `factor`.
  func scaled(by factor: Double) -> HermitianMatrix {
    var result = self
    for index in elements.indices {
      result.elements[index] = elements[index].multiplied(by: factor)
    }
    return result
  }

  /// The mean of the matrix and the conjugate of itself with both axes reversed.
  var mirrored: HermitianMatrix {
    var result = self
    for index in elements.indices {
      let other = elements[elements.count - 1 - index].conjugate
      result.elements[index] = (elements[index] + other).multiplied(by: 0.5)
    }
    return result
  }

  /// The mean of the eigenvalues.
  public var meanEigenvalue: Double {
    (0..<size).reduce(0) { $0 + elements[$1 * size + $1].real } / Double(size)
  }

  /// The Hermitian form *v*ᴴ*Av*, which is real.
  ///
  /// - Precondition: `vector` has ``size`` elements.
  /// - Complexity: O(*n*²).
  public func form(of vector: [Complex<Double>]) -> Double {
    precondition(
      vector.count == size, "a vector of \(vector.count) does not fit a matrix of \(size)")
    var sum = 0.0
    for row in 0..<size {
      sum += elements[row * size + row].real * vector[row].lengthSquared
      var inner = Complex<Double>.zero
      for column in row + 1..<max(size, row + 1) {
        inner += elements[row * size + column] * vector[column]
      }
      sum += 2 * (vector[row].conjugate * inner).real
    }
    return sum
  }

  /// The eigenvalues in falling order, each with its eigenvector of length one.
  ///
  /// Cyclic Jacobi rotations (Jacobi, 1846; Golub and Van Loan, *Matrix Computations*, 8.5): slower
  /// than reduction to tridiagonal form for large matrices, but these have a row for each antenna,
  /// and small eigenvalues keep their accuracy.
  ///
  /// - Complexity: O(*n*³) for each of a few sweeps.
  public func eigenvectors() -> [(value: Double, vector: [Complex<Double>])] {
    var matrix = elements
    var vectors = HermitianMatrix.identity(size)
    let scale = elements.reduce(0) { $0 + $1.lengthSquared }
    for _ in 0..<50 {
      var rest = 0.0
      for row in 0..<size {
        for column in row + 1..<max(size, row + 1) {
          rest += matrix[row * size + column].lengthSquared
        }
      }
      if rest <= scale * 1e-30 { break }
      for first in 0..<size {
        for second in first + 1..<max(size, first + 1) {
          rotate(&matrix, &vectors, first, second)
        }
      }
    }
    let order = (0..<size).sorted { matrix[$0 * size + $0].real > matrix[$1 * size + $1].real }
    return order.map { column in
      (
        matrix[column * size + column].real,
        (0..<size).map { row in vectors[row * size + column] }
      )
    }
  }

  private static func identity(_ size: Int) -> [Complex<Double>] {
    (0..<size * size).map { $0 / size == $0 % size ? .one : .zero }
  }

  /// Turns two axes so that the element between them vanishes.
  private func rotate(
    _ matrix: inout [Complex<Double>], _ vectors: inout [Complex<Double>], _ first: Int,
    _ second: Int
  ) {
    let element = matrix[first * size + second]
    let length = element.length
    guard length > 0 else { return }
    let difference =
      (matrix[second * size + second].real - matrix[first * size + first].real) / (2 * length)
    let tangent =
      (difference < 0 ? -1 : 1) / (abs(difference) + (difference * difference + 1).squareRoot())
    let cosine = 1 / (tangent * tangent + 1).squareRoot()
    let sine = tangent * cosine
    // The phase of the element, by which the second axis is turned first so that it becomes real.
    let phase = element.conjugate.divided(by: length)
    for row in 0..<size {
      rotateColumns(&matrix, row, first, second, cosine, sine, phase)
      rotateColumns(&vectors, row, first, second, cosine, sine, phase)
    }
    for column in 0..<size {
      let one = matrix[first * size + column]
      let other = matrix[second * size + column] * phase.conjugate
      matrix[first * size + column] = one.multiplied(by: cosine) - other.multiplied(by: sine)
      matrix[second * size + column] = one.multiplied(by: sine) + other.multiplied(by: cosine)
    }
  }

  private func rotateColumns(
    _ matrix: inout [Complex<Double>], _ row: Int, _ first: Int, _ second: Int, _ cosine: Double,
    _ sine: Double, _ phase: Complex<Double>
  ) {
    let one = matrix[row * size + first]
    let other = matrix[row * size + second] * phase
    matrix[row * size + first] = one.multiplied(by: cosine) - other.multiplied(by: sine)
    matrix[row * size + second] = one.multiplied(by: sine) + other.multiplied(by: cosine)
  }
}
