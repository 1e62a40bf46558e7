/// The cells on each side of a cell, along one axis, that take part in estimating its noise.
public struct TrainingWindow: Hashable, Sendable {
  /// The nearest cells on each side, which a target may fill and which are left out.
  public var guardCells: Int

  /// The cells on each side beyond the guard cells.
  public var trainingCells: Int

  /// Creates a window.
  ///
  /// - Precondition: Neither count is negative.
  public init(guardCells: Int, trainingCells: Int) {
    precondition(
      guardCells >= 0 && trainingCells >= 0, "a window cannot have a negative number of cells")
    self.guardCells = guardCells
    self.trainingCells = trainingCells
  }

  /// A window that does not reach along its axis.
  public static let none = TrainingWindow(guardCells: 0, trainingCells: 0)
}

/// The training cells of one cell in a grid: a rectangle without a smaller one around the cell.
struct TrainingArea {
  var row: Int
  var column: Int
  var outerRows: Range<Int>
  var guardRows: Range<Int>
  var outerColumns: Range<Int>
  var guardColumns: Range<Int>

  /// The cells before this one in row-major order, and those after it, as measured by `measure`.
  ///
  /// `measure` is additive: it may count the cells of a rectangle, or sum what they hold.
  @inline(__always)
  func sides<Value: AdditiveArithmetic>(
    _ measure: (_ rows: Range<Int>, _ columns: Range<Int>) -> Value
  ) -> (leading: Value, lagging: Value) {
    let before =
      measure(outerRows.lowerBound..<row, outerColumns)
      - measure(guardRows.lowerBound..<row, guardColumns)
      + measure(row..<row + 1, outerColumns.lowerBound..<guardColumns.lowerBound)
    let after =
      measure(row + 1..<outerRows.upperBound, outerColumns)
      - measure(row + 1..<guardRows.upperBound, guardColumns)
      + measure(row..<row + 1, guardColumns.upperBound..<outerColumns.upperBound)
    return (before, after)
  }

  /// Calls `body` with each run of training cells within a row.
  @inline(__always)
  func forEachRun(_ body: (_ row: Int, _ columns: Range<Int>) -> Void) {
    for row in outerRows {
      if guardRows.contains(row) {
        body(row, outerColumns.lowerBound..<guardColumns.lowerBound)
        body(row, guardColumns.upperBound..<outerColumns.upperBound)
      } else {
        body(row, outerColumns)
      }
    }
  }

  /// How much the training cells tell where noise is as alike as `correlation` says.
  func strength(
    _ estimator: NoiseEstimator, correlation: NoiseCorrelation, looks: Int
  ) -> TrainingStrength {
    let counts = sides { $0.count * $1.count }
    var strength = TrainingStrength(
      estimator, leading: counts.leading, lagging: counts.lagging)
    guard correlation != .none else { return strength }
    var cells: [SIMD2<Int>] = []
    forEachRun { row, columns in cells += columns.map { SIMD2(row, $0) } }
    switch estimator {
    case .cellAveraging:
      strength.leading = 0
      strength.lagging = correlation.equivalentCells(cells, contains: contains)
    case .orderedStatistic(let share):
      let likeness = QuantileCorrelation(share: min(share, 0.999), looks: looks)
      strength.leading = 0
      strength.lagging = correlation.equivalentCells(
        cells, contains: contains, likeness: likeness.callAsFunction)
      // A rank is a share of all cells, however much they tell.
      strength.rank *= strength.lagging / Double(max(cells.count, 1))
    case .greatestOf, .smallestOf:
      strength.leading = correlation.equivalentCells(cells.filter(isLeading)) {
        contains($0) && isLeading($0)
      }
      strength.lagging = correlation.equivalentCells(cells.filter { !isLeading($0) }) {
        contains($0) && !isLeading($0)
      }
    }
    return strength
  }

  private func contains(_ cell: SIMD2<Int>) -> Bool {
    outerRows.contains(cell.x) && outerColumns.contains(cell.y)
      && !(guardRows.contains(cell.x) && guardColumns.contains(cell.y))
  }

  private func isLeading(_ cell: SIMD2<Int>) -> Bool {
    cell.x < row || cell.x == row && cell.y < column
  }
}
