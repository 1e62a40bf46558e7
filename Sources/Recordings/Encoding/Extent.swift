internal import Radar

/// How far a recording reaches, by the number of its bytes.
struct Extent: Hashable, Sendable {
  /// The frames, the padded last one of a continuous-wave recording included.
  let frameCount: Int

  /// The chirps that were received, of all frames together.
  let chirps: Int

  /// Measures a recording of `byteCount` bytes.
  ///
  /// A continuous wave has no frames of its own, so that its stream may end after any sample. All
  /// other recordings end with a frame.
  ///
  /// - Throws: `RecordingError` if the bytes are not a whole number of frames.
  init(byteCount: Int, waveform: Waveform, layout: FrameLayout) throws(RecordingError) {
    let encoding = layout.encoding
    let extra = encoding.gaps.reduce(encoding.trailingBytes) { $0 + $1.count }
    let bytes = byteCount - extra
    let least = encoding.gaps.last?.position ?? 0
    guard bytes >= least else {
      throw .shortFile(found: byteCount, expected: extra + least)
    }
    let unit = waveform.kind == .cw ? layout.bytesPerChirp : layout.bytesPerFrame
    let remainder = bytes % unit
    guard remainder == 0 else {
      let whole = bytes - remainder
      throw .partialFrame(
        offset: encoding.gaps.reduce(whole) { $0 + ($1.position <= whole ? $1.count : 0) },
        frames: whole / layout.bytesPerFrame, found: remainder, expected: unit)
    }
    chirps = bytes / layout.bytesPerChirp
    frameCount = (bytes + layout.bytesPerFrame - 1) / layout.bytesPerFrame
  }
}
