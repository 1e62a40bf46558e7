/// Rows of levels over time that never take more than a fixed number of columns.
///
/// Where there are more, neighbours are merged in pairs and the higher level of each cell stays: a
/// short gesture in a long recording must not get lost.
struct TimeRaster: Sendable {
  /// The number of levels in a column.
  let rowCount: Int

  /// The columns that may be held.
  let capacity: Int

  /// The columns so far, `[column, row]`: what was not measured is no number.
  private(set) var levels: [Float] = []

  /// How many of the usual intervals a column stands for.
  private(set) var merged = 1

  private let interval: Double
  private let validity: Double
  private var start: Double?
  private var last: (time: Double, place: Int, levels: [Float])?

  /// Creates an empty raster.
  ///
  /// - Parameters:
  ///   - rowCount: The number of levels in a column.
  ///   - interval: The usual time from one column to the next in seconds.
  ///   - validity: The longest time for which a column speaks, if none follows.
  ///   - capacity: The columns that may be held, an even number.
  init(rowCount: Int, interval: Double, validity: Double, capacity: Int) {
    precondition(capacity >= 2 && capacity.isMultiple(of: 2), "columns are merged in pairs")
    self.rowCount = rowCount
    self.interval = interval
    self.validity = validity
    self.capacity = capacity
  }

  /// The number of columns.
  var count: Int { levels.count / rowCount }

  /// The time axis, and `nil` without a column.
  var axis: PictureAxis? {
    guard let start, count > 0 else { return nil }
    let step = interval * Double(merged)
    return PictureAxis(
      title: "time (s)", unit: "s", count: count, first: start + (step - interval) / 2, step: step)
  }

  /// Adds the levels at a moment after all others.
  mutating func append(_ row: [Float], at time: Double) {
    precondition(row.count == rowCount, "\(row.count) levels do not fill \(rowCount) rows")
    let origin = start ?? time
    start = origin
    let place = Int(min(max((time - origin) / interval, 0), 1e15).rounded())
    while place / merged >= capacity { merge() }
    let column = place / merged
    if column >= count {
      levels += Array(repeating: .nan, count: (column + 1) * rowCount - levels.count)
    }
    if let last, time - last.time <= 1.5 * validity {
      // Until the next window of a burst, the last one speaks.
      for skipped in last.place / merged + 1..<max(column, last.place / merged + 1) {
        set(last.levels, inColumn: skipped)
      }
    }
    set(row, inColumn: column)
    last = (time, place, row)
  }

  private mutating func set(_ row: [Float], inColumn column: Int) {
    for index in 0..<rowCount {
      let cell = column * rowCount + index
      levels[cell] = Float.maximum(levels[cell], row[index])
    }
  }

  private mutating func merge() {
    merged *= 2
    let half = (count + 1) / 2
    for column in 0..<half {
      for index in 0..<rowCount {
        let left = levels[2 * column * rowCount + index]
        let next = (2 * column + 1) * rowCount + index
        levels[column * rowCount + index] =
          next < levels.count ? Float.maximum(left, levels[next]) : left
      }
    }
    levels.removeLast(levels.count - half * rowCount)
  }

  /// The levels as a picture wants them, `[row, column]`.
  var transposed: [Float] {
    let count = count
    var result = [Float](repeating: .nan, count: levels.count)
    for column in 0..<count {
      for row in 0..<rowCount { result[row * count + column] = levels[column * rowCount + row] }
    }
    return result
  }
}
