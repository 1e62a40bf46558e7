/// Lines over a horizontal axis, such as accuracy over distance, each with how sure it is.
public struct Chart: Hashable, Sendable {
  /// A point of a line.
  public struct Point: Hashable, Sendable {
    /// Where it is on the horizontal axis.
    public var x: Double

    /// Where it is on the vertical axis.
    public var y: Double

    /// The interval in which the true value lies, if that is known.
    public var interval: ClosedRange<Double>?

    /// Creates a point.
    public init(x: Double, y: Double, interval: ClosedRange<Double>? = nil) {
      self.x = x
      self.y = y
      self.interval = interval
    }
  }

  /// A line with a name.
  public struct Line: Hashable, Sendable {
    /// What it shows.
    public var label: String

    /// Its points from left to right.
    public var points: [Point]

    /// Creates a line.
    public init(label: String, points: [Point]) {
      self.label = label
      self.points = points
    }
  }

  /// A place on the horizontal axis that has a name.
  public struct Place: Hashable, Sendable {
    /// What is there.
    public var label: String

    /// Where it is.
    public var x: Double

    /// Creates a place.
    public init(label: String, x: Double) {
      self.label = label
      self.x = x
    }
  }

  /// What is shown.
  public var title: String

  /// How it came about.
  public var subtitle: String

  /// What the horizontal axis measures, with its unit: `distance (m)`.
  public var horizontalTitle: String

  /// What the vertical axis measures.
  public var verticalTitle: String

  /// The ends of the vertical axis.
  public var verticalRange: ClosedRange<Double>

  /// The lines; of the first six each has a colour of its own.
  public var lines: [Line]

  /// A place to compare with.
  public var reference: Place?

  /// Creates a chart.
  ///
  /// - Parameters:
  ///   - title: What is shown.
  ///   - subtitle: How it came about.
  ///   - horizontalTitle: What the horizontal axis measures.
  ///   - verticalTitle: What the vertical axis measures.
  ///   - verticalRange: The ends of the vertical axis.
  ///   - lines: The lines.
  ///   - reference: A place to compare with.
  /// - Precondition: A line has a point, all numbers are finite, and the vertical axis has a length.
  public init(
    title: String, subtitle: String = "", horizontalTitle: String, verticalTitle: String,
    verticalRange: ClosedRange<Double> = 0...1, lines: [Line], reference: Place? = nil
  ) {
    let points = lines.flatMap(\.points)
    precondition(!points.isEmpty, "a chart needs a point")
    precondition(
      points.allSatisfy { $0.x.isFinite && $0.y.isFinite }
        && (verticalRange.upperBound - verticalRange.lowerBound).isFinite,
      "the numbers of a chart are finite")
    precondition(verticalRange.lowerBound < verticalRange.upperBound, "a chart needs a height")
    self.title = title
    self.subtitle = subtitle
    self.horizontalTitle = horizontalTitle
    self.verticalTitle = verticalTitle
    self.verticalRange = verticalRange
    self.lines = lines
    self.reference = reference
  }

  /// The ends of the horizontal axis: all points lie within, a little off the frame.
  var horizontalRange: ClosedRange<Double> {
    let xs = lines.flatMap(\.points).map(\.x) + (reference.map { [$0.x] } ?? [])
    let (lowest, highest) = (xs.min() ?? 0, xs.max() ?? 1)
    let margin = highest > lowest ? 0.03 * (highest - lowest) : 0.5
    return lowest - margin...highest + margin
  }
}

// MARK: - Files

extension Chart {
  /// The chart as a Scalable Vector Graphics file.
  ///
  /// - Parameters:
  ///   - width: The pixels from left to right.
  ///   - height: The pixels from top to bottom.
  /// - Returns: The text of the file.
  /// - Precondition: The chart has room for its axes: at least 320 × 240 pixels.
  public func svg(width: Int = 900, height: Int = 540) -> String {
    let marks = ChartLayout(self, width: width, height: height).marks
    return svgDocument(
      title: title, width: width, height: height, elements: marks.compactMap(\.element))
  }

  /// The chart as a PNG file.
  ///
  /// - Parameters:
  ///   - width: The pixels from left to right.
  ///   - height: The pixels from top to bottom.
  /// - Returns: The bytes of the file.
  /// - Throws: `PictureError.encoding` if libpng fails.
  /// - Precondition: The chart has room for its axes: at least 320 × 240 pixels.
  public func png(width: Int = 900, height: Int = 540) throws(PictureError) -> [UInt8] {
    var canvas = Canvas(width: width, height: height)
    for mark in ChartLayout(self, width: width, height: height).marks { canvas.draw(mark) }
    return try PNG.file(of: canvas)
  }
}
