internal import Radar

/// The chunks before and after the samples of a WAV file.
///
/// Where the older format has no code for it, the extensible one is used, and where its lengths
/// are too short, RF64: the room for the longer ones is kept in every file.
struct WaveForm: FormLayout {
  private let channels: Int
  private let bits: Int
  private let isFloat: Bool
  private let rate: UInt32

  /// Creates the header for a continuous wave.
  ///
  /// - Returns: `nil` if the format has no such numbers.
  init?(waveform: Waveform, encoding: SampleEncoding) {
    let datatype = encoding.datatype
    let known: [Datatype.Scalar] = [.u8, .i16, .i24, .i32, .f32, .f64]
    let rate = (1 / waveform.chirpInterval).rounded()
    let channels = waveform.shape.receivers * datatype.sampleKind.components
    guard known.contains(datatype.scalar), datatype.byteOrder == .littleEndian,
      encoding.order.groupLength == 1, rate >= 1, rate <= Double(UInt32.max), channels < 1 << 12
    else { return nil }
    self.channels = channels
    self.rate = UInt32(rate)
    bits = datatype.scalar.bits
    isFloat = !datatype.scalar.isInteger
  }

  func header(dataBytes: Int, checksum: UInt32) -> [UInt8] {
    let isExtensible = channels > 2 || bits == 24 || bits == 32 && !isFloat
    let code: UInt16 = isFloat ? 3 : 1
    let block = channels * bits / 8
    let speed = UInt32(truncatingIfNeeded: Int(rate) * block)
    var format: [UInt8] = (isExtensible ? 0xFFFE : code).littleEndianBytes
    format += UInt16(channels).littleEndianBytes + rate.littleEndianBytes
    format += speed.littleEndianBytes + UInt16(block).littleEndianBytes
    format += UInt16(bits).littleEndianBytes
    if isExtensible {
      // Twenty-two more bytes: the bits that count, no loudspeakers, and the older code in a GUID.
      format += UInt16(22).littleEndianBytes + UInt16(bits).littleEndianBytes + [0, 0, 0, 0]
      format += code.littleEndianBytes
      format += [0, 0, 0, 0, 0x10, 0, 0x80, 0, 0, 0xAA, 0, 0x38, 0x9B, 0x71]
    }
    let rest = 4 + 36 + 8 + format.count + 8 + dataBytes + dataBytes % 2
    let isLong = rest > 0xFFFF_FFFE
    let frames = UInt64(dataBytes / max(block, 1))
    var header = chunk(isLong ? "RF64" : "RIFF", isLong ? nil : rest) + Array("WAVE".utf8)
    header += chunk(isLong ? "ds64" : "JUNK", 28)
    header +=
      isLong
      ? UInt64(rest).littleEndianBytes + UInt64(dataBytes).littleEndianBytes
        + frames.littleEndianBytes + [0, 0, 0, 0] : [UInt8](repeating: 0, count: 28)
    header += chunk("fmt ", format.count) + format
    return header + chunk("data", isLong ? nil : dataBytes)
  }

  func trailer(dataBytes: Int, checksum: UInt32) -> [UInt8] {
    [UInt8](repeating: 0, count: dataBytes % 2)
  }

  private func chunk(_ name: String, _ length: Int?) -> [UInt8] {
    Array(name.utf8) + UInt32(truncatingIfNeeded: length ?? 0xFFFF_FFFF).littleEndianBytes
  }
}
