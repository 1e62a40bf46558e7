/// Where everything on a chart stands.
struct ChartLayout: Sendable {
  /// Everything to be drawn, in order.
  private(set) var marks: [Mark] = []

  private let chart: Chart
  private let width: Double
  private let height: Double
  private let plot: Rectangle
  private let typeface = Typeface.sans

  private static let textSize = 14.0
  private static let top = 96.0

  init(_ chart: Chart, width: Int, height: Int) {
    precondition(width >= 320 && height >= 240, "a chart needs at least 320 × 240 pixels")
    self.chart = chart
    self.width = Double(width)
    self.height = Double(height)
    plot = Rectangle(
      x: 76, y: Self.top, width: Double(width) - 76 - 28, height: Double(height) - Self.top - 62)
    addTitles()
    addTicks()
    addReference()
    for index in chart.lines.indices { addBand(of: chart.lines[index], color: color(of: index)) }
    for index in chart.lines.indices { addLine(chart.lines[index], color: color(of: index)) }
    addLegend()
  }

  private func color(of line: Int) -> PixelColor {
    PixelColor.labels[line % PixelColor.labels.count]
  }

  /// The place of a point in pixels; what lies outside of the axes stands at their ends.
  private func place(_ x: Double, _ y: Double) -> SIMD2<Double> {
    let (across, up) = (chart.horizontalRange, chart.verticalRange)
    let right = (x - across.lowerBound) / (across.upperBound - across.lowerBound)
    let above = (y - up.lowerBound) / (up.upperBound - up.lowerBound)
    return SIMD2(
      plot.x + min(max(right, 0), 1) * plot.width,
      plot.bottom - min(max(above, 0), 1) * plot.height)
  }

  private mutating func add(
    _ string: String, x: Double, y: Double, size: Double = textSize, anchor: Text.Anchor = .start,
    isUpright: Bool = false, color: PixelColor = .ink, within room: Double = .infinity
  ) {
    let shown = typeface.shortened(string, size: size, to: room)
    guard !shown.isEmpty else { return }
    marks.append(
      .text(
        Text(
          string: shown, x: x, y: y, size: size, anchor: anchor, isUpright: isUpright, color: color)
      ))
  }

  private mutating func addTitles() {
    add(chart.title, x: plot.x, y: 28, size: 19, within: width - plot.x - 12)
    add(chart.subtitle, x: plot.x, y: 51, color: .pale, within: width - plot.x - 12)
    add(
      chart.horizontalTitle, x: plot.x + plot.width / 2, y: height - 14, anchor: .middle,
      within: plot.width)
    add(
      chart.verticalTitle, x: 22, y: plot.middle, anchor: .middle, isUpright: true,
      within: plot.height)
  }

  private mutating func addTicks() {
    let (across, up) = (chart.horizontalRange, chart.verticalRange)
    let columns = max(Int(plot.width / 70), 2)
    for tick in PictureAxis.ticks(
      from: across.lowerBound, to: across.upperBound, atMost: columns)
    {
      let x = place(tick.value, up.lowerBound).x.rounded()
      marks.append(.fill(Rectangle(x: x, y: plot.bottom, width: 1, height: 6), .pale))
      add(tick.label, x: x, y: plot.bottom + 23, anchor: .middle)
    }
    for tick in PictureAxis.ticks(
      from: up.lowerBound, to: up.upperBound, atMost: max(Int(plot.height / 34), 2))
    {
      let y = place(across.lowerBound, tick.value).y.rounded()
      marks.append(.fill(Rectangle(x: plot.x, y: y, width: plot.width, height: 1), .grid))
      add(tick.label, x: plot.x - 10, y: y + 5, anchor: .end)
    }
    marks.append(
      .fill(Rectangle(x: plot.x, y: plot.bottom.rounded(), width: plot.width, height: 1), .pale))
  }

  private mutating func addReference() {
    guard let reference = chart.reference else { return }
    let x = place(reference.x, chart.verticalRange.lowerBound).x.rounded()
    marks.append(.fill(Rectangle(x: x, y: plot.y, width: 1, height: plot.height), .pale))
    let width = typeface.width(of: reference.label, size: 13)
    let isLeft = x + 6 + width > plot.right
    add(
      reference.label, x: isLeft ? x - 6 : x + 6, y: plot.bottom - 8, size: 13,
      anchor: isLeft ? .end : .start, color: .pale)
  }

  private mutating func addBand(of line: Chart.Line, color: PixelColor) {
    let points = line.points.filter { $0.interval != nil }
    guard points.count > 1 else { return }
    let upper = points.map { place($0.x, $0.interval?.upperBound ?? $0.y) }
    let lower = points.map { place($0.x, $0.interval?.lowerBound ?? $0.y) }
    marks.append(.area(upper + lower.reversed(), color, opacity: 0.18))
  }

  private mutating func addLine(_ line: Chart.Line, color: PixelColor) {
    let places = line.points.map { place($0.x, $0.y) }
    if places.count > 1 { marks.append(.line(places, color, width: 2)) }
    for place in places { marks.append(.line([place, place], color, width: 7)) }
  }

  /// The names of the lines, one after the other, in as many rows as there is room for.
  private mutating func addLegend() {
    var (x, y) = (plot.x, 76.0)
    for (index, line) in chart.lines.enumerated() {
      let length = 30 + typeface.width(of: line.label, size: 13)
      if x > plot.x, x + length > plot.right {
        (x, y) = (plot.x, y + 16)
        guard y < Self.top else { return }
      }
      let color = color(of: index)
      marks.append(.line([SIMD2(x, y - 4.5), SIMD2(x + 18, y - 4.5)], color, width: 3))
      add(line.label, x: x + 24, y: y, size: 13, within: plot.right - x - 24)
      x += length + 18
    }
  }
}
