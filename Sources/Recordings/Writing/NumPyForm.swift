internal import Radar

/// The header of a NumPy array, version 1.
struct NumPyForm: FormLayout {
  private let type: String
  private let axes: [Int]
  private let unitBytes: Int

  /// Creates the header of an array of frames, or of the samples of a continuous wave.
  ///
  /// Complex integers, which NumPy does not have, are pairs on an axis of their own.
  ///
  /// - Returns: `nil` if NumPy has no such numbers.
  init?(waveform: Waveform, encoding: SampleEncoding) {
    let datatype = encoding.datatype
    let names: [Datatype.Scalar: String] = [
      .i8: "i1", .i16: "i2", .i32: "i4", .i64: "i8", .u8: "u1", .u16: "u2", .u32: "u4", .u64: "u8",
      .f32: "f4", .f64: "f8",
    ]
    guard encoding.order == .iq, encoding.axes.first == .frame, encoding.lanes == nil,
      let name = names[datatype.scalar]
    else { return nil }
    let shape = waveform.shape
    let isComplex = datatype.sampleKind == .complex
    let isPair = isComplex && datatype.scalar.isInteger
    let order = datatype.scalar.bits == 8 ? "|" : datatype.byteOrder == .bigEndian ? ">" : "<"
    type = order + (isComplex && !isPair ? datatype.scalar == .f32 ? "c8" : "c16" : name)
    let hasTransmitters = encoding.axes.contains(.transmitter)
    var axes =
      waveform.kind == .cw
      ? shape.receivers > 1 ? [shape.receivers] : []
      : encoding.axes.dropFirst().map { axis in
        switch axis {
        case .frame: 1
        case .chirp: hasTransmitters ? shape.chirps / shape.transmitters : shape.chirps
        case .transmitter: shape.transmitters
        case .receiver: shape.receivers
        case .sample: shape.samplesPerChirp
        }
      }
    if isPair { axes.append(2) }
    self.axes = axes
    unitBytes =
      axes.reduce(1, *) * (isPair ? datatype.bitsPerSample / 2 : datatype.bitsPerSample) / 8
  }

  func header(dataBytes: Int, checksum: UInt32) -> [UInt8] {
    func text(_ count: String) -> String {
      let shape = ([count] + axes.map(String.init)).joined(separator: ", ")
      return "{'descr': '\(type)', 'fortran_order': False, "
        + "'shape': (\(shape)\(axes.isEmpty ? "," : "")), }"
    }
    // Room for any number of frames, and data on a multiple of 64 bytes as NumPy has it.
    let longest = 10 + text(String(repeating: "9", count: 19)).utf8.count + 1
    let length = (longest + 63) / 64 * 64 - 10
    let text = text(String(dataBytes / unitBytes))
    return [0x93] + Array("NUMPY".utf8) + [1, 0] + UInt16(length).littleEndianBytes
      + Array(text.utf8) + [UInt8](repeating: 0x20, count: length - text.utf8.count - 1) + [0x0A]
  }
}
