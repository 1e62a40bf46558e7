/// The loops of a detector over its cells, free functions so that each claims only what it writes.

/// Copies the rows of `cells`, as powers, with the columns repeated that go round.
func fillPowers(
  _ cells: Span<Float>, grid: TrainingGrid, squares: Bool, into powers: inout [Float]
) {
  let padding = grid.padding
  let columns = grid.columns
  for row in 0..<grid.rows {
    let target = row * grid.rowLength + padding
    for column in 0..<columns {
      let cell = cells[row * columns + column]
      powers[target + column] = squares ? cell * cell : cell
    }
    for column in 0..<padding {
      powers[target - padding + column] = powers[target + columns - padding + column]
      powers[target + columns + column] = powers[target + column]
    }
  }
}

/// Sums all powers above and to the left of every corner between cells (Crow, 1984).
///
/// In double precision, the sum of the noise beside a target 130 dB above it still has three
/// digits.
func fillSums(_ powers: [Float], grid: TrainingGrid, into sums: inout [Double]) {
  let powers = powers.span
  let length = grid.rowLength
  for row in 0..<grid.rows {
    var sum = 0.0
    let above = row * (length + 1)
    let below = above + length + 1
    for column in 0..<length {
      sum += Double(powers[row * length + column])
      sums[below + column + 1] = sums[above + column + 1] + sum
    }
  }
}

extension NoiseEstimator {
  /// The mean that stands for the noise, where one side may have no cells.
  @inline(__always)
  func mean(
    of sums: (leading: Double, lagging: Double), counts: (leading: Int, lagging: Int)
  ) -> Double {
    switch self {
    case .greatestOf where min(counts.leading, counts.lagging) > 0:
      max(sums.leading / Double(counts.leading), sums.lagging / Double(counts.lagging))
    case .smallestOf where min(counts.leading, counts.lagging) > 0:
      min(sums.leading / Double(counts.leading), sums.lagging / Double(counts.lagging))
    default:
      (sums.leading + sums.lagging) / Double(max(counts.leading + counts.lagging, 1))
    }
  }
}

/// The number of training cells below `limit`.
func countBelow(_ limit: Float, in powers: Span<Float>, area: TrainingArea, rowLength: Int) -> Int {
  var count = 0
  area.forEachRun { row, columns in
    let start = row * rowLength
    for column in columns where powers[start + column] < limit { count += 1 }
  }
  return count
}

/// Replaces `values` by those of the training cells.
func gather(
  _ powers: [Float], area: TrainingArea, rowLength: Int, into values: inout [Float]
) {
  values.removeAll(keepingCapacity: true)
  area.forEachRun { row, columns in
    for column in columns { values.append(powers[row * rowLength + column]) }
  }
}

/// The value at `place` in rising order, counted from zero, found by partition (Hoare, 1961).
func select(_ place: Int, from values: inout [Float]) -> Float {
  var low = 0
  var high = values.count - 1
  while low < high {
    let pivot = values[(low + high) / 2]
    var left = low
    var right = high
    while left <= right {
      while values[left] < pivot { left += 1 }
      while values[right] > pivot { right -= 1 }
      if left <= right {
        // Not `swapAt`, which allocates where it is not specialised.
        let value = values[left]
        values[left] = values[right]
        values[right] = value
        left += 1
        right -= 1
      }
    }
    if place <= right {
      high = right
    } else if place >= left {
      low = left
    } else {
      break
    }
  }
  return values[place]
}
