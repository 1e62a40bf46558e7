internal import Radar

extension FrameShape {
  /// Creates a shape from counts that nobody checked.
  ///
  /// - Throws: `RecordingError.oversizedFrame` if a frame takes more bytes than
  ///   ``FrameLayout/byteLimit``.
  init(
    untrustedChirps chirps: Int, receivers: Int, samplesPerChirp: Int, transmitters: Int,
    datatype: Datatype
  ) throws(RecordingError) {
    // Floating point does not overflow: three counts of a sidecar can exceed any integer.
    let bits = max(datatype.bitsPerSample, 32 * datatype.sampleKind.components)
    let bytes =
      Double(chirps) * Double(receivers) * Double(samplesPerChirp) * Double(bits) / 8
    guard bytes <= Double(FrameLayout.byteLimit) else {
      throw .oversizedFrame(bytes: bytes, limit: FrameLayout.byteLimit)
    }
    self.init(
      chirps: chirps, receivers: receivers, samplesPerChirp: samplesPerChirp,
      sampleKind: datatype.sampleKind, transmitters: transmitters)
  }
}

/// The chirps in a frame of a continuous-wave recording: the power of two nearest to 16 ms.
///
/// A frame has no meaning to such a radar. This one is short enough to answer at once, and long
/// enough that handing it on costs nothing.
func continuousFrameLength(sampleRate: Double) -> Int {
  let samples = max(sampleRate * 0.016, 1)
  // The significand decides whether the power below or the one above is nearer by ratio.
  let exponent = samples.exponent + (samples.significand >= 2.0.squareRoot() ? 1 : 0)
  return 1 << min(Int(exponent), 16)
}
