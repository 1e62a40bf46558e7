internal import RealModule
public import Spectra

/// How alike the noise in neighbouring cells is.
///
/// A taper spreads each frequency over several bins, so neighbouring bins of a tapered transform
/// share noise: next to each other 44 % of the variance of their powers for a Hann taper. Training
/// cells that are alike tell less than as many independent ones.
public struct NoiseCorrelation: Hashable, Sendable {
  /// The correlation of the powers of two cells by their distance across rows, from zero on.
  public var rows: [Double]

  /// The correlation of the powers of two cells by their distance across columns, from zero on.
  public var columns: [Double]

  /// Noise that is independent from cell to cell.
  public static let none = NoiseCorrelation(rows: [1], columns: [1])

  /// Creates a correlation.
  ///
  /// - Precondition: Each list begins with one.
  public init(rows: [Double], columns: [Double]) {
    precondition(rows.first == 1 && columns.first == 1, "a cell is wholly like itself")
    self.rows = rows
    self.columns = columns
  }

  /// Creates the correlation of white noise after a transform along each axis.
  ///
  /// - Parameters:
  ///   - rowTaper: The taper of the transform across rows, such as that along range, if there is
  ///     one, and the number of its samples.
  ///   - columnTaper: The same across columns.
  public init(
    rowTaper: (taper: Taper, count: Int)?, columnTaper: (taper: Taper, count: Int)?
  ) {
    rows = rowTaper.map { powerCorrelation(of: $0.taper, count: $0.count) } ?? [1]
    columns = columnTaper.map { powerCorrelation(of: $0.taper, count: $0.count) } ?? [1]
  }

  /// How many independent cells tell as much as those of an area, as far as the variance of their
  /// mean goes (Satterthwaite, 1946).
  ///
  /// - Parameters:
  ///   - cells: The cells of the area.
  ///   - contains: Whether a cell is one of them.
  ///   - likeness: What the correlation of two powers means for the estimate made of them.
  /// - Returns: The number, at most that of the cells.
  func equivalentCells(
    _ cells: [SIMD2<Int>], contains: (SIMD2<Int>) -> Bool,
    likeness: (Double) -> Double = { $0 }
  ) -> Double {
    let table = rows.map { row in columns.map { likeness(row * $0) } }
    var sum = 0.0
    for cell in cells {
      for row in 1 - rows.count..<rows.count {
        for column in 1 - columns.count..<columns.count
        where contains(cell &+ SIMD2(row, column)) {
          sum += table[abs(row)][abs(column)]
        }
      }
    }
    return sum > 0 ? Double(cells.count * cells.count) / sum : 0
  }
}

/// The correlation of the noise powers in bins of a tapered transform, by their distance.
private func powerCorrelation(of taper: Taper, count: Int) -> [Double] {
  let squares = taper.weights(count: count).map { Double($0) * Double($0) }
  let total = squares.reduce(0, +)
  var correlations = [1.0]
  for distance in 1..<max(min(count / 2, 8), 1) {
    var (real, imaginary) = (0.0, 0.0)
    for (index, square) in squares.enumerated() {
      let angle = 2 * Double.pi * Double(distance * index % count) / Double(count)
      real += square * .cos(angle)
      imaginary += square * .sin(angle)
    }
    correlations.append((real * real + imaginary * imaginary) / (total * total))
  }
  // What is left is rounding.
  while let last = correlations.last, last < 1e-6 { correlations.removeLast() }
  return correlations
}
