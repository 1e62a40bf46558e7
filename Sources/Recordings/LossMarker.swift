internal import Radar

/// Marks the chirps of frames that were lost before the recording was written.
struct LossMarker: Sendable {
  /// The stretches of lost chirps, in order.
  private let losses: [Range<Int>]

  /// The first of them that may concern the next frame.
  private var next = 0

  init(_ losses: [Range<Int>] = []) {
    self.losses = losses
  }

  /// Marks the lost chirps of the next frame.
  mutating func mark(_ frame: inout Frame) {
    guard !losses.isEmpty else { return }
    let chirps = frame.index * frame.shape.chirps..<(frame.index + 1) * frame.shape.chirps
    while next < losses.count, losses[next].upperBound <= chirps.lowerBound { next += 1 }
    let concerned = losses[next...].prefix { $0.lowerBound < chirps.upperBound }
    guard !concerned.isEmpty else { return }
    var validity = frame.validity
    for loss in concerned {
      for chirp in loss.clamped(to: chirps) { validity[chirp - chirps.lowerBound] = false }
    }
    frame.validity = validity
  }
}
