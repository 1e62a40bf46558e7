/// Finds the cells that stand out of the noise around them, with the rate of false alarms asked for
/// (CFAR).
///
/// Cells form a grid `[row, column]`, such as a range–Doppler map; a line is a grid of one row. The
/// training cells of a cell are a rectangle around it without the guard cells. Those before it in
/// row-major order are one side of it, those after it the other. Where the grid ends, fewer cells
/// remain, and the threshold is that for the cells that remain.
public struct ConstantFalseAlarmDetector: Sendable {
  /// What the numbers in the cells are.
  public enum Law: String, CaseIterable, Hashable, Sendable {
    /// Powers, as a square-law detector gives them.
    case squareLaw

    /// Magnitudes, as a linear detector gives them; they are squared first, because the laws of the
    /// thresholds are those of powers.
    case linear
  }

  /// How the noise is estimated.
  public let estimator: NoiseEstimator

  /// The probability that a cell of noise is detected.
  public let falseAlarmRate: Double

  /// What the numbers in the cells are.
  public let law: Law

  /// The number of rows.
  public var rows: Int { grid.rows }

  /// The number of columns.
  public var columns: Int { grid.columns }

  private let grid: TrainingGrid

  /// The factor above the estimate of each cell: infinite where there are no training cells.
  private let multipliers: [Float]

  /// The powers, each row with what is repeated of it on both sides.
  private var powers: [Float]

  /// The sums of all powers above and to the left, from which that of any rectangle follows.
  private var sums: [Double]

  private var scratch: [Float] = []

  /// Creates a detector for grids of one size.
  ///
  /// - Parameters:
  ///   - estimator: How the noise is estimated.
  ///   - falseAlarmRate: The probability that a cell of noise is detected.
  ///   - rows: The number of rows, such as range bins.
  ///   - columns: The number of columns, such as Doppler bins.
  ///   - rowWindow: The cells that take part on each side along a column, across rows.
  ///   - columnWindow: The cells that take part on each side along a row, across columns.
  ///   - wrapsColumns: Whether the last column is next to the first, as on a Doppler axis.
  ///   - law: What the numbers in the cells are.
  ///   - looks: The independent powers summed in a cell, such as those of several receivers.
  ///   - correlation: How alike the noise in neighbouring cells is.
  /// - Precondition: There is a row, a column and a look, and the rate lies between zero and one.
  public init(
    estimator: NoiseEstimator, falseAlarmRate: Double, rows: Int = 1, columns: Int,
    rowWindow: TrainingWindow = .none, columnWindow: TrainingWindow, wrapsColumns: Bool = false,
    law: Law = .squareLaw, looks: Int = 1, correlation: NoiseCorrelation = .none
  ) {
    precondition(rows > 0 && columns > 0, "a detector needs at least one cell")
    self.estimator = estimator
    self.falseAlarmRate = falseAlarmRate
    self.law = law
    let grid = TrainingGrid(
      rows: rows, columns: columns, rowWindow: rowWindow, columnWindow: columnWindow,
      wrapsColumns: wrapsColumns)
    self.grid = grid
    multipliers = grid.multipliers { area in
      Float(
        estimator.multiplier(
          falseAlarmRate: falseAlarmRate,
          for: area.strength(estimator, correlation: correlation, looks: looks),
          looks: looks))
    }
    powers = Array(repeating: 0, count: rows * grid.rowLength)
    sums = Array(repeating: 0, count: (rows + 1) * (grid.rowLength + 1))
    scratch.reserveCapacity(rows * grid.rowLength)
  }

  /// Replaces `detections` by the cells that stand out, in row-major order.
  ///
  /// Nothing is allocated beyond what `detections` needs to grow.
  ///
  /// - Parameters:
  ///   - cells: What the detector measured, `[row, column]`.
  ///   - detections: The list to overwrite.
  /// - Precondition: There is a number for each cell.
  /// - Complexity: O(1) for each cell, whatever the windows; for an order statistic O(*N*), where
  ///   *N* is the number of training cells.
  public mutating func detect(_ cells: Span<Float>, into detections: inout [DetectedCell]) {
    precondition(
      cells.count == grid.rows * grid.columns,
      "\(cells.count) numbers do not fill \(grid.rows) × \(grid.columns) cells")
    detections.removeAll(keepingCapacity: true)
    fillPowers(cells, grid: grid, squares: law == .linear, into: &powers)
    if case .orderedStatistic(let share) = estimator {
      detectByRank(share: share, into: &detections)
    } else {
      fillSums(powers, grid: grid, into: &sums)
      detectByMean(into: &detections)
    }
  }

  private func detectByMean(into detections: inout [DetectedCell]) {
    let (powers, sums, multipliers) = (powers.span, sums.span, multipliers.span)
    let length = grid.rowLength
    for row in 0..<grid.rows {
      for column in 0..<grid.columns {
        let area = grid.area(row: row, column: column)
        let counts = area.sides { $0.count * $1.count }
        let totals = area.sides { rows, columns in
          let top = rows.lowerBound * (length + 1)
          let bottom = rows.upperBound * (length + 1)
          return sums[bottom + columns.upperBound] - sums[bottom + columns.lowerBound]
            - sums[top + columns.upperBound] + sums[top + columns.lowerBound]
        }
        let noise = Float(max(estimator.mean(of: totals, counts: counts), 0))
        let power = powers[row * length + area.column]
        if power > noise * multipliers[row * grid.columns + column] {
          detections.append(DetectedCell(row: row, column: column, power: power, noise: noise))
        }
      }
    }
  }

  /// Counts the values that would have to lie below the threshold, instead of sorting them.
  ///
  /// A cell exceeds a multiple of the *k*-th smallest value if at least *k* values lie below the
  /// cell over the multiple. Only the values around a detection are sorted, as far as is needed.
  private mutating func detectByRank(share: Double, into detections: inout [DetectedCell]) {
    let length = grid.rowLength
    for row in 0..<grid.rows {
      for column in 0..<grid.columns {
        let multiplier = multipliers[row * grid.columns + column]
        guard multiplier < .infinity else { continue }
        let area = grid.area(row: row, column: column)
        let counts = area.sides { $0.count * $1.count }
        let rank = NoiseEstimator.rank(share: share, cells: counts.leading + counts.lagging)
        let power = powers[row * length + area.column]
        let below = countBelow(
          power / multiplier, in: powers.span, area: area, rowLength: length)
        guard below >= rank else { continue }
        gather(powers, area: area, rowLength: length, into: &scratch)
        let noise = select(rank - 1, from: &scratch)
        detections.append(DetectedCell(row: row, column: column, power: power, noise: noise))
      }
    }
  }
}

/// A cell that stands out of the noise.
public struct DetectedCell: Hashable, Sendable {
  /// The row of the cell.
  public var row: Int

  /// The column of the cell.
  public var column: Int

  /// The power in the cell.
  public var power: Float

  /// The power of the noise, as it was estimated.
  public var noise: Float
}
