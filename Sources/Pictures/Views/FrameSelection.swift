import Radar

/// Picks one receiver, or the chirps of the first transmitter, out of frames.
struct FrameSelection: Sendable {
  /// The waveform of what is picked.
  let waveform: Waveform

  private let source: FrameShape
  private let receivers: Range<Int>
  private let chirpStride: Int
  private var selected: Frame

  /// Creates a selection from the frames of `waveform`.
  ///
  /// - Parameters:
  ///   - waveform: The waveform of the frames.
  ///   - receiver: The only receiver to pick, and `nil` for all.
  ///   - picksTransmitter: Whether only the chirps of the first transmitter are picked.
  /// - Throws: `PictureError.noReceiver` if there is no such receiver.
  init(
    of waveform: Waveform, receiver: Int?, picksTransmitter: Bool
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
    chirpStride = picksTransmitter ? source.transmitters : 1
    let shape = FrameShape(
      chirps: source.chirps / chirpStride, receivers: receivers.count,
      samplesPerChirp: source.samplesPerChirp, sampleKind: source.sampleKind,
      transmitters: picksTransmitter ? 1 : source.transmitters)
    self.waveform = Waveform(
      ranging: waveform.ranging, centerFrequency: waveform.centerFrequency,
      chirpInterval: waveform.chirpInterval * Double(chirpStride),
      frameInterval: waveform.frameInterval, shape: shape,
      receiverPositions: Array(waveform.receiverPositions[receivers]))
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
    for chirp in 0..<selected.shape.chirps {
      let row = chirp * chirpStride
      selected.validity[chirp] = frame.validity[row]
      let start = (row * source.receivers + receivers.lowerBound) * length
      let width = receivers.count * length
      for index in 0..<width {
        selected.samples[chirp * width + index] = frame.samples[start + index]
      }
    }
    return selected
  }
}
