internal import Radar

/// What the page of a recording shows, as its script reads it.
///
/// Levels are bytes: zero is blank, and the others lie evenly from `bottom` to `top`.
struct RecordingPage: Encodable, Sendable {
  /// An axis.
  struct Scale: Encodable, Sendable {
    var title: String
    var unit: String
    var count: Int
    var first: Double
    var step: Double

    init(_ axis: PictureAxis) {
      title = axis.title
      unit = axis.unit
      count = axis.count
      first = axis.first
      step = axis.step
    }
  }

  /// A stretch of time.
  struct Stretch: Encodable, Sendable {
    var label: String
    var start: Double
    var end: Double
    var confidence: Double?
  }

  /// What was detected in a frame: metres, metres per second, degrees, and decibels above noise.
  struct Echo: Encodable, Sendable {
    var range: Double?
    var velocity: Double
    var azimuth: Double?
    var ratio: Double

    init(_ detection: Detection) {
      range = detection.range
      velocity = detection.velocity
      azimuth = detection.azimuth.map { $0 * 180 / .pi }
      ratio = detection.signalToNoiseRatio
    }
  }

  var title: String
  var view: String
  var viewTitle: String
  var notes: [String]

  /// The vertical axis, and the other one of a frame.
  var vertical: Scale
  var horizontal: Scale?

  /// The moments of the columns, or of the frames.
  var times: [Double]

  /// The numbers of the frames, if frames are shown.
  var frames: [Int]?

  /// The frame or column to begin with.
  var selected: Int

  /// The levels in base64: `[frame, vertical, horizontal]`, or `[column, vertical]`.
  var levels: String
  var top: Double
  var bottom: Double
  var dynamicRange: Double

  /// What was detected in each frame, the clearest first.
  var detections: [[Echo]]?

  /// The gestures that someone marked.
  var marked: [Stretch]

  /// The gestures that the classifier found, and `nil` if nobody asked it.
  var predicted: [Stretch]?

  /// The colours in base64, red, green and blue.
  var palette: String
}
