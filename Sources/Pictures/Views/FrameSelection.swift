import Radar

/// Picks one receiver out of frames, or takes each transmitter's chirps for receivers of their own.
///
/// A round of transmitters that take turns is then one chirp of all pairs of a transmitter and a
/// receiver: in memory nothing moves. That the later ones of a round are measured later by less than
/// a round does not matter to power over velocity.
struct FrameSelection: Sendable {
  /// The waveform of what is picked.
  let waveform: Waveform

  private let source: FrameShape
  private let receivers: Range<Int>
  private let round: Int
  private var selected: Frame

  /// Creates a selection from the frames of `waveform`.
  ///
  /// - Parameters:
  ///   - waveform: The waveform of the frames.
  ///   - receiver: The only receiver to pick, and `nil` for all.
  ///   - joinsTransmitters: Whether the chirps of the transmitters of a round become one.
  /// - Throws: `PictureError.noReceiver` if there is no such receiver.
  init(
    of waveform: Waveform, receiver: Int?, joinsTransmitters: Bool
  ) throws(PictureError) {
    source = waveform.shape
    if let receiver {
      guard 0..<source.receivers ~= receiver else {
        throw .noReceiver(found: receiver, count: source.receivers)
      }
      receivers = receiver..<receiver + 1
    } else {
      receivers = 0..<source.receivers
    }
    round = joinsTransmitters ? source.transmitters : 1
    let shape = FrameShape(
      chirps: source.chirps / round, receivers: receivers.count * round,
      samplesPerChirp: source.samplesPerChirp, sampleKind: source.sampleKind,
      transmitters: source.transmitters / round)
    let positions = Array(waveform.receiverPositions[receivers])
    self.waveform = Waveform(
      ranging: waveform.ranging, centerFrequency: waveform.centerFrequency,
      chirpInterval: waveform.chirpInterval * Double(round),
      frameInterval: waveform.frameInterval, shape: shape,
      receiverPositions: (0..<round).flatMap { _ in positions })
    selected = Frame(shape: shape)
  }

  /// What is picked out of `frame`.
  ///
  /// - Precondition: `frame` has the shape of the source.
  mutating func callAsFunction(_ frame: Frame) -> Frame {
    precondition(frame.shape == source, "the frame does not fit the waveform")
    guard selected.shape != source else { return frame }
    selected.index = frame.index
    selected.time = frame.time
    let length = source.samplesPerChirp * source.sampleKind.components
    let width = receivers.count * length
    for chirp in 0..<selected.shape.chirps {
      // A round of which a chirp was lost is lost.
      selected.validity[chirp] = frame.validity[chirp * round..<(chirp + 1) * round]
        .allSatisfy { $0 }
    }
    for chirp in 0..<selected.shape.chirps * round {
      let start = (chirp * source.receivers + receivers.lowerBound) * length
      for index in 0..<width {
        selected.samples[chirp * width + index] = frame.samples[start + index]
      }
    }
    return selected
  }
}
