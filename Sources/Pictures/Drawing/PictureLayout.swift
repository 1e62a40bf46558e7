/// Where everything on a picture stands.
struct PictureLayout: Sendable {
  let width: Int
  let height: Int

  /// Everything to be drawn, in order.
  private(set) var marks: [Mark] = []

  /// The place of the cells.
  private(set) var plot: Rectangle

  private let picture: Picture
  private let typeface: Typeface

  /// The room for one row of stretches.
  private static let laneHeight = 24.0
  private static let textSize = 14.0

  init(_ picture: Picture, width: Int = 1200, height: Int = 720) {
    self.picture = picture
    self.width = width
    self.height = height
    typeface = .sans
    let top = 66 + Self.laneHeight * Double(picture.lanes.count)
    plot = Rectangle(
      x: 92, y: top, width: Double(width) - 92 - 118, height: Double(height) - top - 66)
    addTitles()
    addLanes()
    marks.append(.cells(plot))
    addFrame(around: plot)
    addHorizontalTicks()
    addVerticalTicks()
    addColorBar()
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
    add(picture.title, x: plot.x, y: 28, size: 19, within: Double(width) - plot.x - 12)
    add(
      picture.subtitle, x: plot.x, y: 51, color: .pale, within: Double(width) - plot.x - 12)
  }

  private mutating func addFrame(around place: Rectangle) {
    let (x, y, width, height) = (place.x, place.y, place.width, place.height)
    for edge in [
      Rectangle(x: x - 1, y: y - 1, width: width + 2, height: 1),
      Rectangle(x: x - 1, y: y + height, width: width + 2, height: 1),
      Rectangle(x: x - 1, y: y, width: 1, height: height),
      Rectangle(x: x + width, y: y, width: 1, height: height),
    ] { marks.append(.fill(edge, .pale)) }
  }

  private mutating func addHorizontalTicks() {
    let axis = picture.horizontal
    for tick in axis.ticks(atMost: 11) {
      let x = (plot.x + axis.share(of: tick.value) * plot.width).rounded()
      marks.append(.fill(Rectangle(x: x, y: plot.bottom + 1, width: 1, height: 6), .pale))
      add(tick.label, x: x, y: plot.bottom + 23, anchor: .middle)
    }
    add(axis.title, x: plot.x + plot.width / 2, y: Double(height) - 14, anchor: .middle)
  }

  private mutating func addVerticalTicks() {
    let axis = picture.vertical
    for tick in axis.ticks(atMost: 11) {
      let y = (plot.bottom - axis.share(of: tick.value) * plot.height).rounded()
      marks.append(.fill(Rectangle(x: plot.x - 7, y: y, width: 6, height: 1), .pale))
      add(tick.label, x: plot.x - 12, y: y + 5, anchor: .end)
    }
    add(axis.title, x: 26, y: plot.middle, anchor: .middle, isUpright: true)
  }

  private mutating func addColorBar() {
    let bar = Rectangle(x: plot.right + 22, y: plot.y, width: 16, height: plot.height)
    marks.append(.colors(bar))
    addFrame(around: bar)
    let (bottom, top) = (Double(picture.bottom), Double(picture.top))
    for tick in PictureAxis.ticks(from: bottom, to: top, atMost: 9) {
      let y = (bar.bottom - (tick.value - bottom) / (top - bottom) * bar.height).rounded()
      marks.append(.fill(Rectangle(x: bar.right + 1, y: y, width: 6, height: 1), .pale))
      add(tick.label, x: bar.right + 11, y: y + 5)
    }
    add(
      "level (dB)", x: Double(width) - 14, y: plot.middle, anchor: .middle, isUpright: true)
  }

  private mutating func addLanes() {
    let names = Set(picture.lanes.flatMap(\.spans).map(\.label)).sorted()
    for (index, lane) in picture.lanes.enumerated() {
      let y = plot.y - Self.laneHeight * Double(picture.lanes.count - index)
      add(lane.title, x: plot.x - 12, y: y + 16, size: 13, anchor: .end, color: .pale)
      var free = plot.x
      for span in lane.spans {
        let start = min(max(picture.horizontal.share(of: span.start), 0), 1)
        let end = min(max(picture.horizontal.share(of: span.end), 0), 1)
        guard end > start else { continue }
        let color = PixelColor.labels[
          (names.firstIndex(of: span.label) ?? 0) % PixelColor.labels.count]
        let x = (plot.x + start * plot.width).rounded()
        let length = max((plot.x + end * plot.width).rounded() - x, 2)
        marks.append(.fill(Rectangle(x: x, y: y + 18, width: length, height: 4), color))
        // A name has the room up to the right end, unless the one before it is in the way.
        let width = typeface.width(of: span.label, size: 13)
        let left = min(max(x + length / 2 - width / 2, plot.x), plot.right - width)
        guard left >= free else { continue }
        add(span.label, x: left, y: y + 13, size: 13, color: color)
        free = left + width + 8
      }
    }
  }
}
