internal import Radar

extension Waveform {
  /// The time of a sample in seconds, counted per receiver from the start of the recording.
  func time(ofSample sample: Int) -> Double {
    let samplesPerFrame = shape.chirps * shape.samplesPerChirp
    let (frame, rest) = sample.quotientAndRemainder(dividingBy: samplesPerFrame)
    let chirps = Double(rest) / Double(shape.samplesPerChirp)
    return Double(frame) * frameInterval + min(chirps * chirpInterval, frameInterval)
  }
}

extension Waveform {
  /// The sample nearest to `time` in seconds, counted per receiver from the start of the recording.
  ///
  /// - Precondition: `time` is not negative and finite.
  func sample(atTime time: Double) -> Int {
    guard kind != .cw else { return Int((time / chirpInterval).rounded()) }
    // Times are multiples of intervals that are no binary fractions.
    let frame = ((time + 1e-3 * chirpInterval) / frameInterval).rounded(.down)
    let chirps = max(time - frame * frameInterval, 0) / chirpInterval
    let samplesPerFrame = shape.chirps * shape.samplesPerChirp
    let rest = (chirps * Double(shape.samplesPerChirp)).rounded()
    return Int(frame) * samplesPerFrame + min(Int(rest), samplesPerFrame)
  }
}

extension RecordingMetadata {
  /// Fills in how many frames the recording has, and how long they take.
  ///
  /// - Throws: `RecordingError` if `byteCount` bytes contradict the waveform.
  mutating func measure(byteCount: Int?) throws(RecordingError) {
    let layout = try FrameLayout(shape: waveform.shape, encoding: encoding, path: sidecar)
    // What packets lost is known only when they were read.
    guard let byteCount, encoding.packets == nil else { return }
    try measure(byteCount: byteCount, layout: layout)
  }

  /// Fills in how many frames there are in `byteCount` bytes without packets.
  mutating func measure(byteCount: Int, layout: FrameLayout) throws(RecordingError) {
    let extent = try Extent(byteCount: byteCount, waveform: waveform, layout: layout)
    frameCount = extent.frameCount
    duration =
      waveform.kind == .cw
      ? Double(extent.chirps) * waveform.chirpInterval
      : Double(extent.frameCount) * waveform.frameInterval
  }
}
