/// Levels over two axes, ready to be drawn.
public struct Picture: Equatable, Sendable {
  /// A named stretch of the horizontal axis, such as a gesture.
  public struct Span: Hashable, Sendable {
    /// What it is.
    public var label: String

    /// Where it starts on the horizontal axis.
    public var start: Double

    /// Where it ends on the horizontal axis.
    public var end: Double

    /// Creates a stretch.
    public init(label: String, start: Double, end: Double) {
      self.label = label
      self.start = start
      self.end = end
    }
  }

  /// A row of stretches above the picture.
  public struct Lane: Hashable, Sendable {
    /// What the stretches are.
    public var title: String

    /// The stretches in order.
    public var spans: [Span]

    /// Creates a row.
    public init(title: String, spans: [Span]) {
      self.title = title
      self.spans = spans
    }
  }

  /// What is shown.
  public var title: String

  /// How it came about.
  public var subtitle: String

  /// The horizontal axis, from left to right.
  public var horizontal: PictureAxis

  /// The vertical axis, from the bottom to the top.
  public var vertical: PictureAxis

  /// The level of every cell in decibels, `[vertical, horizontal]`: what is no number is blank.
  public var levels: [Float]

  /// The level of the brightest colour in decibels.
  public var top: Float

  /// The decibels from the darkest colour to the brightest.
  public var dynamicRange: Float

  /// The rows of stretches above the picture.
  public var lanes: [Lane]

  /// Creates a picture.
  ///
  /// - Parameters:
  ///   - title: What is shown.
  ///   - subtitle: How it came about.
  ///   - horizontal: The horizontal axis.
  ///   - vertical: The vertical axis.
  ///   - levels: The level of every cell in decibels, `[vertical, horizontal]`.
  ///   - top: The level of the brightest colour: without it, the highest level.
  ///   - dynamicRange: The decibels from the darkest colour to the brightest.
  ///   - lanes: The rows of stretches above the picture.
  /// - Precondition: There is a level for each cell, and the dynamic range is positive.
  public init(
    title: String, subtitle: String = "", horizontal: PictureAxis, vertical: PictureAxis,
    levels: [Float],
    top: Float? = nil, dynamicRange: Float = 50, lanes: [Lane] = []
  ) {
    precondition(
      levels.count == horizontal.count * vertical.count,
      "\(levels.count) levels do not fill \(vertical.count) rows of \(horizontal.count)")
    precondition(dynamicRange > 0, "a picture needs a positive dynamic range")
    self.title = title
    self.subtitle = subtitle
    self.horizontal = horizontal
    self.vertical = vertical
    self.levels = levels
    self.top = top ?? highest(levels) ?? 0
    self.dynamicRange = dynamicRange
    self.lanes = lanes
  }

  /// The level of the darkest colour in decibels.
  public var bottom: Float { top - dynamicRange }

  /// The colour of `level`.
  func color(of level: Float) -> PixelColor {
    ColorMap.viridis.color(at: (level - bottom) / dynamicRange)
  }
}

/// The highest of `levels` that is a number.
func highest(_ levels: [Float]) -> Float? {
  levels.lazy.filter { $0.isFinite }.max()
}
