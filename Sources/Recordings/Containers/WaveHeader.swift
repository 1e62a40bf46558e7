internal import Radar

/// The chunks before the samples of a WAV file: RIFF, and RF64 or BW64 for long ones.
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
    let header = Bytes(all: bytes)
    guard ["RIFF", "RF64", "BW64"].contains(header.name(0)), header.name(8) == "WAVE" else {
      throw .malformedFile(path: path, offset: 0, reason: "it does not start like a WAV file")
    }
    var format: Int?
    var longLength: Int?
    var offset = 12
    while offset + 8 <= bytes.count, header.name(offset) != "data" {
      if header.name(offset) == "fmt " { format = offset + 8 }
      // The lengths of a long file, of which the second is that of the samples.
      if header.name(offset) == "ds64" { longLength = header.number(offset + 16, 8) }
      // Chunks are padded to an even length.
      let length = header.number(offset + 4, 4)
      offset += 8 + length + length % 2
    }
    guard let format, offset + 8 <= bytes.count else {
      throw .malformedFile(
        path: path, offset: min(offset, bytes.count),
        reason: "it has no format and samples in its first \(bytes.count) bytes")
    }
    self.path = path
    channels = header.number(format + 2, 2)
    sampleRate = header.number(format + 4, 4)
    headerBytes = offset + 8

    // A recorder that was cut off never came to write the length.
    let short = header.number(offset + 4, 4)
    let length = short == 0xFFFF_FFFF ? longLength ?? 0 : short
    guard length >= 0, length <= size - headerBytes else {
      throw .malformedFile(
        path: path, offset: offset + 4,
        reason: "the samples take \(length) bytes, but \(size - headerBytes) are left of the file")
    }
    trailingBytes = length > 0 ? size - headerBytes - length : 0
    scalar = try Self.scalar(header, format: format, path: path)
    let block = header.number(format + 12, 2)
    guard channels > 0, sampleRate > 0, block == channels * scalar.bits / 8 else {
      throw .malformedFile(
        path: path, offset: format,
        reason: "its format has \(channels) channels at \(sampleRate) Hz in blocks of \(block)"
          + " bytes, not of \(channels * scalar.bits / 8)")
    }
  }

  private static func scalar(
    _ header: Bytes, format: Int, path: String
  ) throws(RecordingError) -> Datatype.Scalar {
    // The extensible format puts the older code into the first bytes of a longer one.
    let code = header.number(format, 2)
    let kind = code == 0xFFFE ? header.number(format + 24, 2) : code
    let bits = header.number(format + 14, 2)
    let scalars: [[Int]: Datatype.Scalar] = [
      [1, 8]: .u8, [1, 16]: .i16, [1, 24]: .i24, [1, 32]: .i32, [3, 32]: .f32, [3, 64]: .f64,
    ]
    guard let scalar = scalars[[kind, bits]] else {
      throw .malformedFile(
        path: path, offset: format, reason: "its format \(kind) of \(bits) bits is not known")
    }
    return scalar
  }

  /// The start of the file, of which what is missing reads as zero.
  private struct Bytes {
    var all: [UInt8]

    func number(_ offset: Int, _ count: Int) -> Int {
      guard offset + count <= all.count else { return 0 }
      return all[offset...].littleEndian(at: 0, count: count)
    }

    func name(_ offset: Int) -> String {
      String(decoding: all.dropFirst(offset).prefix(4), as: UTF8.self)
    }
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
