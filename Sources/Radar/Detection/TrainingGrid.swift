/// The grid that training areas lie in: rows end at the edges, columns may go round.
struct TrainingGrid: Sendable {
  let rows: Int
  let columns: Int

  /// The columns repeated on each side where the axis goes round.
  let padding: Int

  private let rowReach: (outer: Int, guarding: Int)
  private let columnReach: (outer: Int, guarding: Int)

  init(
    rows: Int, columns: Int, rowWindow: TrainingWindow, columnWindow: TrainingWindow,
    wrapsColumns: Bool
  ) {
    self.rows = rows
    self.columns = columns
    rowReach = (rowWindow.guardCells + rowWindow.trainingCells, rowWindow.guardCells)
    // Around a circle no cell may be counted twice.
    let most = wrapsColumns ? (columns - 1) / 2 : columns
    columnReach = (
      min(columnWindow.guardCells + columnWindow.trainingCells, most),
      min(columnWindow.guardCells, most)
    )
    padding = wrapsColumns ? columnReach.outer : 0
  }

  /// The columns of a row with what is repeated of it.
  var rowLength: Int { columns + 2 * padding }

  /// The training cells of a cell, their columns counted with the repeated ones.
  @inline(__always)
  func area(row: Int, column: Int) -> TrainingArea {
    let place = column + padding
    return TrainingArea(
      row: row, column: place,
      outerRows: reach(rowReach.outer, around: row, count: rows),
      guardRows: reach(rowReach.guarding, around: row, count: rows),
      outerColumns: reach(columnReach.outer, around: place, count: rowLength),
      guardColumns: reach(columnReach.guarding, around: place, count: rowLength))
  }

  @inline(__always)
  private func reach(_ reach: Int, around place: Int, count: Int) -> Range<Int> {
    max(place - reach, 0)..<min(place + reach + 1, count)
  }

  /// A number for each cell, computed once for all cells with as many training cells on each side,
  /// and infinite where there are none.
  func multipliers(_ multiplier: (TrainingArea) -> Float) -> [Float] {
    var known: [SIMD2<Int>: Float] = [.zero: .infinity]
    var multipliers: [Float] = []
    multipliers.reserveCapacity(rows * columns)
    for row in 0..<rows {
      for column in 0..<columns {
        let area = area(row: row, column: column)
        let counts = area.sides { $0.count * $1.count }
        let key = SIMD2(counts.leading, counts.lagging)
        let value = known[key] ?? multiplier(area)
        known[key] = value
        multipliers.append(value)
      }
    }
    return multipliers
  }
}
