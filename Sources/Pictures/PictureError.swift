/// Why there is no picture.
public enum PictureError: Error, Hashable, Sendable {
  /// A view of range needs a radar that measures it.
  case noRange(view: RecordingView)

  /// Samples without a quadrature component and without a sweep have no sign of velocity.
  case noVelocity

  /// Directions need receivers in different places.
  case noDirection(receivers: Int)

  /// There is no receiver with the number `found`.
  case noReceiver(found: Int, count: Int)

  /// A window of `found` chirps does not fit into the frame, after which there is a gap.
  case longWindow(found: Int, chirps: Int)

  /// There is no frame with the number `found`.
  case noFrame(found: Int, count: Int)

  /// The recording ends before the first window of `needed` chirps is full.
  case shortRecording(needed: Int)

  /// The library that writes PNG failed.
  case encoding(reason: String)
}

extension PictureError: CustomStringConvertible {
  /// One sentence in lower case, without a full stop.
  public var description: String {
    switch self {
    case .noRange(let view):
      "a continuous wave measures no range, so there is no \(view.rawValue) view of it"
    case .noVelocity: "real samples of a constant carrier have no sign of velocity"
    case .noDirection(let receivers):
      "a direction needs at least 2 receivers in different places, not \(receivers)"
    case .noReceiver(let found, let count):
      "there is no receiver \(found): the \(count) receivers are counted from 0"
    case .longWindow(let found, let chirps):
      "a window of \(found) chirps does not fit into a frame of \(chirps)"
    case .noFrame(let found, let count):
      "there is no frame \(found): the \(count) frames are counted from 0"
    case .shortRecording(let needed):
      "the recording is too short: it ends before the first \(needed) chirps are there"
    case .encoding(let reason): "cannot write PNG: \(reason)"
    }
  }
}
