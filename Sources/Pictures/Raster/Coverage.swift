/// How much of each pixel of a rectangle lies inside an outline.
///
/// The share is exact for a pixel that one edge crosses: every edge adds the area to its right, in
/// its own pixel as a part and in all further pixels of the row as its height, which the running
/// sum of the row spreads.
struct Coverage: Sendable {
  let left: Int
  let top: Int
  let width: Int
  let height: Int

  /// The share of each pixel, row by row.
  private(set) var shares: [Float]

  init(of outline: Outline) {
    let corners = outline.lines.flatMap { [$0.start, $0.end] }
    let xs = corners.map(\.x)
    let ys = corners.map(\.y)
    left = Int((xs.min() ?? 0).rounded(.down))
    top = Int((ys.min() ?? 0).rounded(.down))
    // One more column takes what the last pixel hands on.
    width = Int((xs.max() ?? 0).rounded(.up)) - left + 2
    height = Int((ys.max() ?? 0).rounded(.up)) - top + 1
    shares = Array(repeating: 0, count: width * height)
    let corner = SIMD2(Double(left), Double(top))
    for line in outline.lines { add(from: line.start - corner, to: line.end - corner) }
    for row in 0..<height {
      var sum: Float = 0
      for index in row * width..<(row + 1) * width {
        sum += shares[index]
        shares[index] = min(abs(sum), 1)
      }
    }
  }

  /// Adds an edge, row by row.
  private mutating func add(from start: SIMD2<Double>, to end: SIMD2<Double>) {
    guard start.y != end.y else { return }
    let (upper, lower) = start.y < end.y ? (start, end) : (end, start)
    let sign = start.y < end.y ? 1.0 : -1
    let slope = (lower.x - upper.x) / (lower.y - upper.y)
    for row in Int(upper.y)...Int(lower.y) {
      let from = max(upper.y, Double(row))
      let to = min(lower.y, Double(row + 1))
      guard to > from else { continue }
      let a = upper.x + (from - upper.y) * slope
      let b = upper.x + (to - upper.y) * slope
      add(height: sign * (to - from), from: min(a, b), to: max(a, b), row: row)
    }
  }

  /// Adds the part of an edge within a row, pixel by pixel.
  private mutating func add(height: Double, from start: Double, to end: Double, row: Int) {
    for column in Int(start)...Int(end) {
      let from = max(start, Double(column))
      let to = min(end, Double(column + 1))
      guard to > from || start == end else { continue }
      let part = start == end ? height : height * (to - from) / (end - start)
      let inside = (from + to) / 2 - Double(column)
      shares[row * width + column] += Float(part * (1 - inside))
      shares[row * width + column + 1] += Float(part * inside)
    }
  }
}
