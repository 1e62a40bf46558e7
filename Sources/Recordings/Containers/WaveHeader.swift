internal import Radar

/// The chunks before the samples of a WAV file.
///
/// Two channels are the in-phase and the quadrature number of one receiver, left and right, unless
/// the sidecar says that samples are real. One channel is a real receiver, whose echo does not
/// tell approach from retreat.
struct WaveHeader: Sendable {
  let path: String
  let scalar: Datatype.Scalar
  let channels: Int
  let sampleRate: Int

  /// The bytes before the first sample, and after the last one.
  let headerBytes: Int
  let trailingBytes: Int

  /// Reads the header of the file at `path`.
  ///
  /// - Throws: `RecordingError` if it is no WAV file, or one of an unknown kind.
  init(path: String) throws(RecordingError) {
    let bytes = try ByteSource.prefix(of: path, count: 1 << 20)
    let size = try ByteSource.size(of: path) ?? bytes.count
    func number(_ offset: Int, _ count: Int) -> Int {
      guard offset + count <= bytes.count else { return 0 }
      return bytes[offset..<offset + count].reversed().reduce(0) { $0 << 8 | Int($1) }
    }
    func name(_ offset: Int) -> String {
      String(decoding: bytes.dropFirst(offset).prefix(4), as: UTF8.self)
    }
    guard ["RIFF", "RF64"].contains(name(0)), name(8) == "WAVE" else {
      throw .malformedSidecar(path: path, reason: "it does not start like a WAV file")
    }
    var format: Int?
    var offset = 12
    while offset + 8 <= bytes.count, name(offset) != "data" {
      if name(offset) == "fmt " { format = offset + 8 }
      // Chunks are padded to an even length.
      offset += 8 + number(offset + 4, 4) + number(offset + 4, 4) % 2
    }
    guard let format, offset + 8 <= bytes.count else {
      throw .malformedSidecar(
        path: path, reason: "it has no format and samples in its first \(bytes.count) bytes")
    }
    self.path = path
    channels = number(format + 2, 2)
    sampleRate = number(format + 4, 4)
    headerBytes = offset + 8

    // A recorder that was cut off never came to write the length.
    let length = number(offset + 4, 4)
    let isKnown = length > 0 && length < 0xFFFF_FFFF
    guard !isKnown || headerBytes + length <= size else {
      throw .shortFile(found: size, expected: headerBytes + length)
    }
    trailingBytes = isKnown ? size - headerBytes - length : 0

    // The extensible format puts the older code into the first bytes of a longer one.
    let code = number(format, 2) == 0xFFFE ? number(format + 24, 2) : number(format, 2)
    let bits = number(format + 14, 2)
    let scalars: [[Int]: Datatype.Scalar] = [
      [1, 8]: .u8, [1, 16]: .i16, [1, 24]: .i24, [1, 32]: .i32, [3, 32]: .f32, [3, 64]: .f64,
    ]
    guard let scalar = scalars[[code, bits]], channels > 0, sampleRate > 0 else {
      throw .malformedSidecar(
        path: path,
        reason: "its format \(code) of \(bits) bits, \(channels) channels and \(sampleRate) Hz is"
          + " not known")
    }
    self.scalar = scalar
  }

  /// What the header says of the samples.
  func container(sidecar: SigMFSidecar) throws(RecordingError) -> Container {
    let isComplex =
      try sidecar.sampleKind().map { $0 == .complex } ?? channels.isMultiple(of: 2)
    guard !isComplex || channels.isMultiple(of: 2) else {
      throw .invalidField(
        path: path, field: "channels", found: "\(channels)", expected: "pairs of I and Q")
    }
    var facts: [String: JSONValue] = [
      "core:datatype": .string(Datatype(isComplex ? .complex : .real, scalar).description),
      "core:num_channels": .number(Double(isComplex ? channels / 2 : channels)),
    ]
    // A header has whole numbers only: a sidecar may know the rate to the fraction.
    if try sidecar.sampleRate()?.rounded() != Double(sampleRate) {
      facts["core:sample_rate"] = .number(Double(sampleRate))
    }
    return Container(
      format: .wave, facts: facts, defaults: ["radar:waveform": .string("cw")],
      headerBytes: headerBytes, trailingBytes: trailingBytes)
  }
}
