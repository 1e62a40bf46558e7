/// Makes one picture of the levels of a whole recording, in constant memory.
///
/// A view over time shows all of it. Range and velocity are shown of one frame: that asked for, or
/// the one with the strongest echo that moves.
public struct PictureBuilder: Sendable {
  /// What is shown.
  public let settings: ViewSettings

  /// The frame that is shown, and `nil` before there was one.
  public private(set) var frame: Int?

  private let axes: [PictureAxis]
  private let wanted: Int?
  private let chirpsPerPiece: Int
  private var raster: TimeRaster?
  private var pieces = 0
  private var time = 0.0
  private var levels: [Float] = []
  private var strength = -Float.infinity

  /// The most columns of a picture: more than it has pixels.
  private static let capacity = 2048

  /// Creates a builder for the pieces of `processor`.
  ///
  /// - Parameters:
  ///   - processor: What makes the pieces.
  ///   - frame: The number of the frame to show, from zero, and `nil` for the strongest.
  public init(for processor: borrowing ViewProcessor, frame: Int? = nil) {
    settings = processor.settings
    axes = processor.axes
    wanted = frame
    chirpsPerPiece = processor.chirpsPerPiece
    guard settings.view != .rangeDoppler else { return }
    raster = TimeRaster(
      rowCount: axes[0].count, interval: processor.interval, validity: processor.validity,
      capacity: Self.capacity)
  }

  /// Takes the next piece.
  public mutating func append(_ piece: ViewProcessor.Piece) {
    defer { pieces += 1 }
    if raster != nil {
      raster?.append(piece.levels, at: piece.time)
    } else if let wanted {
      if pieces == wanted { show(piece) }
    } else {
      let moving = movingLevel(of: piece.levels, dopplerBins: axes[1].count)
      if moving > strength || frame == nil {
        strength = moving
        show(piece)
      }
    }
  }

  private mutating func show(_ piece: ViewProcessor.Piece) {
    frame = pieces
    time = piece.time
    levels = piece.levels
  }

  /// The picture.
  ///
  /// - Parameters:
  ///   - title: What the recording is called.
  ///   - dynamicRange: The decibels from the darkest colour to the brightest.
  ///   - lanes: What is known about stretches of time, which a view over time shows.
  /// - Returns: What can be drawn.
  /// - Throws: ``PictureError`` if the recording has not the frame, or is too short.
  public func picture(
    title: String, dynamicRange: Float = 50, lanes: [Picture.Lane] = []
  ) throws(PictureError) -> Picture {
    let name = settings.view.title
    guard let raster else {
      guard let frame else {
        guard let wanted else { throw .shortRecording(needed: chirpsPerPiece) }
        throw .noFrame(found: wanted, count: pieces)
      }
      return Picture(
        title: title,
        subtitle: "\(name) of frame \(frame) at \(number(time, decimals: 2)) s, "
          + settings.summary,
        horizontal: axes[1], vertical: axes[0], levels: levels, dynamicRange: dynamicRange)
    }
    guard let horizontal = raster.axis else { throw .shortRecording(needed: chirpsPerPiece) }
    let merged = raster.merged > 1 ? ", highest of every \(raster.merged) columns" : ""
    return Picture(
      title: title, subtitle: "\(name), \(settings.summary)\(merged)", horizontal: horizontal,
      vertical: axes[0], levels: raster.transposed, dynamicRange: dynamicRange, lanes: lanes)
  }
}

extension RecordingView {
  /// The name of the view in words.
  public var title: String {
    switch self {
    case .rangeDoppler: "Range and velocity"
    case .spectrogram: "Velocity over time"
    case .rangeTime: "Range over time"
    case .angleTime: "Direction over time"
    }
  }
}

/// The highest level beyond the main lobe of what stands still.
func movingLevel(of levels: [Float], dopplerBins: Int) -> Float {
  var highest = -Float.infinity
  for (index, level) in levels.enumerated()
  where abs(index % dopplerBins - dopplerBins / 2) > 2 && level > highest {
    highest = level
  }
  return highest
}
