internal import RealModule

/// Straight lines around the letters of a text, a polygon or a stroke, in pixels.
struct Outline: Sendable {
  struct Line: Hashable, Sendable {
    var start: SIMD2<Double>
    var end: SIMD2<Double>
  }

  private(set) var lines: [Line] = []

  /// The outline of `text` where it stands.
  init(_ text: Text, typeface: Typeface) {
    let width = typeface.width(of: text.string, size: text.size)
    var pen =
      switch text.anchor {
      case .start: 0.0
      case .middle: -width / 2
      case .end: -width
      }
    for character in text.string {
      let glyph = typeface[character]
      for contour in glyph.contours {
        add(
          contour.map { point in
            let (right, up) = (pen + point.x * text.size, point.y * text.size)
            let place =
              text.isUpright
              ? SIMD2(text.x - up, text.y - right) : SIMD2(text.x + right, text.y - up)
            return (place, point.isOnCurve)
          })
      }
      pen += glyph.advance * text.size
    }
  }

  /// The outline of the polygon whose corners are `points`.
  init(polygon points: [SIMD2<Double>]) { addPolygon(points) }

  /// The outline of a stroke from point to point, with round ends and corners.
  ///
  /// Every piece runs around in the same sense, so where pieces overlap nothing is cut out.
  init(along points: [SIMD2<Double>], width: Double) {
    let half = width / 2
    for (start, end) in zip(points, points.dropFirst()) where start != end {
      let way = end - start
      let across = SIMD2(-way.y, way.x) * (half / (way * way).sum().squareRoot())
      addPolygon([start + across, start - across, end - across, end + across])
    }
    let corners = 16
    for (index, point) in points.enumerated() where index == 0 || point != points[index - 1] {
      addPolygon(
        (0..<corners).map { corner in
          let angle = 2 * Double.pi * Double(corner) / Double(corners)
          return point + SIMD2(.cos(angle), .sin(angle)) * half
        })
    }
  }

  private mutating func addPolygon(_ points: [SIMD2<Double>]) {
    for (index, point) in points.enumerated() {
      lines.append(Line(start: point, end: points[(index + 1) % points.count]))
    }
  }

  /// Adds a closed contour of lines and quadratic curves.
  private mutating func add(_ points: [(place: SIMD2<Double>, isOnCurve: Bool)]) {
    guard let start = points.firstIndex(where: \.isOnCurve) else { return }
    var position = points[start].place
    var control: SIMD2<Double>?
    for index in 1...points.count {
      let point = points[(start + index) % points.count]
      if let pull = control {
        // Between two points that pull lies one that the curve passes through.
        let target = point.isOnCurve ? point.place : (pull + point.place) / 2
        addCurve(from: position, pull: pull, to: target)
        position = target
        control = point.isOnCurve ? nil : point.place
      } else if point.isOnCurve {
        lines.append(Line(start: position, end: point.place))
        position = point.place
      } else {
        control = point.place
      }
    }
  }

  private mutating func addCurve(
    from start: SIMD2<Double>, pull: SIMD2<Double>, to end: SIMD2<Double>
  ) {
    let pieces = 6
    var last = start
    for piece in 1...pieces {
      let t = Double(piece) / Double(pieces)
      let place = start * ((1 - t) * (1 - t)) + pull * (2 * t * (1 - t)) + end * (t * t)
      lines.append(Line(start: last, end: place))
      last = place
    }
  }
}
