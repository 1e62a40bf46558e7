public import Radar

#if canImport(FoundationEssentials)
  internal import FoundationEssentials
#else
  internal import Foundation
#endif

/// Makes a page of a recording to step through, complete in one file, in constant memory.
///
/// Views over time keep the highest level of neighbouring columns when there are too many; of too
/// many frames every second, fourth … is kept. The page says so.
public struct PageBuilder: Sendable {
  /// A gesture that the classifier found.
  public struct Event: Hashable, Sendable {
    /// What it is, and when.
    public var span: Picture.Span

    /// How sure the classifier is, from zero to one.
    public var confidence: Double

    /// Creates an event.
    public init(span: Picture.Span, confidence: Double) {
      self.span = span
      self.confidence = confidence
    }
  }

  private let settings: ViewSettings
  private let axes: [PictureAxis]
  private let summary: String
  private let chirpsPerPiece: Int
  private var raster: TimeRaster?
  private var stack: FrameStack?
  private var pieces = 0

  /// The levels that a page may hold: each takes four thirds of a byte in the file.
  private static let budget = 9_000_000

  /// Creates a builder for the pieces of `processor`.
  public init(for processor: borrowing ViewProcessor) {
    settings = processor.settings
    axes = processor.axes
    summary = processor.waveform.caption
    chirpsPerPiece = processor.chirpsPerPiece
    let size = processor.shape.reduce(1, *)
    if settings.view == .rangeDoppler {
      stack = FrameStack(axes: axes, capacity: min(max(Self.budget / size, 16), 4096) / 2 * 2)
    } else {
      raster = TimeRaster(
        rowCount: size, interval: processor.interval, validity: processor.validity,
        capacity: min(max(Self.budget / size, 256), 8192) / 2 * 2)
    }
  }

  /// Takes the next piece.
  ///
  /// - Parameters:
  ///   - piece: The levels at a moment.
  ///   - detections: What was detected in the same frame, which a page of frames shows.
  public mutating func append(_ piece: ViewProcessor.Piece, detections: [Detection] = []) {
    raster?.append(piece.levels, at: piece.time)
    stack?.append(piece, detections: detections)
    pieces += 1
  }

  /// The page.
  ///
  /// - Parameters:
  ///   - title: What the recording is called.
  ///   - dynamicRange: The decibels from the darkest colour to the brightest.
  ///   - marked: The gestures that someone marked.
  ///   - predicted: The gestures that the classifier found, and `nil` if it was not asked.
  ///   - notes: What else a reader should know, a sentence each.
  /// - Returns: The bytes of a file of HTML.
  /// - Throws: `PictureError.shortRecording` if there is nothing to show.
  public func page(
    title: String, dynamicRange: Float = 50, marked: [Picture.Span] = [],
    predicted: [Event]? = nil, notes: [String] = []
  ) throws(PictureError) -> [UInt8] {
    let levels = stack?.levels ?? raster?.levels ?? []
    guard let top = highest(levels) else { throw .shortRecording(needed: chirpsPerPiece) }
    let bottom = top - max(dynamicRange, 100)
    var notes = ["\(settings.view.title), \(settings.summary)", summary] + notes
    let times: [Double]
    let selected: Int
    if let stack {
      times = stack.times
      selected = stack.strongest
      if stack.stride > 1 {
        notes.append("one of every \(stack.stride) of \(pieces) frames is shown")
      }
    } else {
      let axis = raster?.axis
      times = axis.map { axis in (0..<axis.count).map { axis.value(at: $0) } } ?? []
      let peak = levels.firstIndex(of: top) ?? 0
      selected = peak / axes[0].count
      if let merged = raster?.merged, merged > 1 {
        notes.append("each column is the highest of \(merged)")
      }
    }
    let content = RecordingPage(
      title: title, view: settings.view.rawValue, viewTitle: settings.view.title, notes: notes,
      vertical: .init(axes[0]), horizontal: axes.count > 1 ? .init(axes[1]) : nil, times: times,
      frames: stack?.frames, selected: selected,
      levels: Data(quantized(levels, from: bottom, to: top)).base64EncodedString(),
      top: Double(top), bottom: Double(bottom), dynamicRange: Double(dynamicRange),
      detections: stack?.detections,
      marked: marked.map { .init(label: $0.label, start: $0.start, end: $0.end) },
      predicted: predicted?.map {
        .init(
          label: $0.span.label, start: $0.span.start, end: $0.span.end, confidence: $0.confidence)
      },
      palette: Data(ColorMap.viridis.colors.flatMap { [$0.red, $0.green, $0.blue] })
        .base64EncodedString())
    return PageTemplate.recording.filled(with: content)
  }
}

/// A byte for each level: zero for what is no number, one at `bottom` and 255 at `top`.
func quantized(_ levels: [Float], from bottom: Float, to top: Float) -> [UInt8] {
  let scale = 254 / (top - bottom)
  return levels.map { level in
    guard !level.isNaN else { return 0 }
    return UInt8(1 + (min(max(level - bottom, 0), top - bottom) * scale).rounded())
  }
}
