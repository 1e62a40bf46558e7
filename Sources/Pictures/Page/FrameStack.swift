internal import Radar

/// Range–Doppler maps of frames that are evenly spread over a recording of any length.
struct FrameStack: Sendable {
  /// The frames from one that is kept to the next.
  private(set) var stride = 1

  /// The moments of the frames in seconds.
  private(set) var times: [Double] = []

  /// The numbers of the frames.
  private(set) var frames: [Int] = []

  /// The levels, `[frame, rangeBin, dopplerBin]`.
  private(set) var levels: [Float] = []

  /// What was detected in each frame, the clearest first.
  private(set) var detections: [[RecordingPage.Echo]] = []

  /// The most detections of a frame that are kept.
  private static let mostDetections = 24

  private let axes: [PictureAxis]
  private let capacity: Int
  private var seen = 0

  init(axes: [PictureAxis], capacity: Int) {
    precondition(capacity >= 2, "frames are dropped in pairs")
    self.axes = axes
    self.capacity = capacity
  }

  /// The place of the frame with the strongest echo that moves.
  var strongest: Int {
    let size = axes[0].count * axes[1].count
    return times.indices.max {
      moving(in: $0, size: size) < moving(in: $1, size: size)
    } ?? 0
  }

  private func moving(in place: Int, size: Int) -> Float {
    movingLevel(of: Array(levels[place * size..<(place + 1) * size]), dopplerBins: axes[1].count)
  }

  /// Takes the next frame, and keeps it if its turn has come.
  mutating func append(_ piece: ViewProcessor.Piece, detections: [Detection]) {
    defer { seen += 1 }
    guard seen.isMultiple(of: stride) else { return }
    if times.count == capacity {
      dropEverySecond()
      guard seen.isMultiple(of: stride) else { return }
    }
    times.append(piece.time)
    frames.append(seen)
    levels += piece.levels
    self.detections.append(
      detections.sorted { $0.signalToNoiseRatio > $1.signalToNoiseRatio }
        .prefix(Self.mostDetections).map { .init($0) })
  }

  private mutating func dropEverySecond() {
    stride *= 2
    let size = axes[0].count * axes[1].count
    let kept = Swift.stride(from: 0, to: times.count, by: 2)
    var thinned: [Float] = []
    thinned.reserveCapacity(levels.count)
    for place in kept { thinned += levels[place * size..<(place + 1) * size] }
    levels = thinned
    times = kept.map { times[$0] }
    frames = kept.map { frames[$0] }
    detections = kept.map { detections[$0] }
  }
}
