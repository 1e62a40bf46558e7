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

  /// The length of the file without what follows the samples, and `nil` if it is not known.
  let claimedBytes: Int?

  /// The most chunks before the samples, and the bytes of the longest format.
  private static let chunkLimit = 1000
  private static let formatBytes = 40

  /// Recorders that write to a pipe claim a length near to the longest that there is.
  private static let unknownLength = 0x7FFF_0000

  /// Reads the header of a file.
  ///
  /// - Throws: `RecordingError` if it is no WAV file, or one of an unknown kind.
  init(_ file: SampleFiles) throws(RecordingError) {
    path = file.name
    let start = Chunk(try file.bytes(at: 0, count: 12))
    guard ["RIFF", "RF64", "BW64"].contains(start.name(0)), start.name(8) == "WAVE" else {
      throw .malformedFile(path: path, offset: 0, reason: "it does not start like a WAV file")
    }
    var format: (chunk: Chunk, offset: Int)?
    var longLength: Int?
    var offset = 12
    var chunk = Chunk(try file.bytes(at: offset, count: 8))
    var chunks = 0
    while chunk.name(0) != "data", chunks < Self.chunkLimit {
      let length = chunk.number(4, 4)
      if chunk.name(0) == "fmt " {
        let count = min(length, Self.formatBytes)
        format = (Chunk(try file.bytes(at: offset + 8, count: count)), offset + 8)
      }
      // The lengths of a long file, of which the second is that of the samples.
      if chunk.name(0) == "ds64", length >= 16 {
        longLength = Chunk(try file.bytes(at: offset + 8, count: 16)).number(8, 8)
      }
      // Chunks are padded to an even length.
      offset += 8 + length + length % 2
      chunk = Chunk(try file.bytes(at: offset, count: 8))
      chunks += 1
    }
    guard let format, chunks < Self.chunkLimit else {
      throw .malformedFile(
        path: path, offset: offset,
        reason: "there is no format in the \(chunks) chunks before the samples")
    }
    channels = format.chunk.number(2, 2)
    sampleRate = format.chunk.number(4, 4)
    headerBytes = offset + 8

    // A recorder that was cut off never came to write the length.
    let short = chunk.number(4, 4)
    let claimed = short == 0xFFFF_FFFF ? longLength ?? 0 : short
    if let size = file.byteCount {
      let left = size - headerBytes
      guard claimed >= 0, claimed <= left else {
        throw .malformedFile(
          path: path, offset: offset + 4,
          reason: "the samples take \(claimed) bytes, but \(left) are left of the file")
      }
      trailingBytes = claimed > 0 ? left - claimed : 0
      claimedBytes = nil
    } else {
      let isKnown = claimed > 0 && (short < Self.unknownLength || longLength != nil)
      claimedBytes = isKnown ? headerBytes + min(claimed, 1 << 60) : nil
      trailingBytes = 0
    }
    scalar = try Self.scalar(format.chunk, path: path, offset: format.offset)
    let block = format.chunk.number(12, 2)
    guard channels > 0, sampleRate > 0, block == channels * scalar.bits / 8 else {
      throw .malformedFile(
        path: path, offset: format.offset,
        reason: "its format has \(channels) channels at \(sampleRate) Hz in blocks of \(block)"
          + " bytes, not of \(channels * scalar.bits / 8)")
    }
  }

  private static func scalar(
    _ format: Chunk, path: String, offset: Int
  ) throws(RecordingError) -> Datatype.Scalar {
    // The extensible format puts the older code into the first bytes of a longer one.
    let code = format.number(0, 2)
    let kind = code == 0xFFFE ? format.number(24, 2) : code
    let bits = format.number(14, 2)
    let scalars: [[Int]: Datatype.Scalar] = [
      [1, 8]: .u8, [1, 16]: .i16, [1, 24]: .i24, [1, 32]: .i32, [3, 32]: .f32, [3, 64]: .f64,
    ]
    guard let scalar = scalars[[kind, bits]] else {
      throw .malformedFile(
        path: path, offset: offset, reason: "its format \(kind) of \(bits) bits is not known")
    }
    return scalar
  }

  /// A part of the header, of which what is missing reads as zero.
  private struct Chunk {
    private var bytes: [UInt8]

    init(_ bytes: [UInt8]) {
      self.bytes = bytes
    }

    func number(_ offset: Int, _ count: Int) -> Int {
      guard offset + count <= bytes.count else { return 0 }
      return bytes[offset...].littleEndian(at: 0, count: count)
    }

    func name(_ offset: Int) -> String {
      String(decoding: bytes.dropFirst(offset).prefix(4), as: UTF8.self)
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
      headerBytes: headerBytes, trailingBytes: trailingBytes, claimedBytes: claimedBytes)
  }
}
