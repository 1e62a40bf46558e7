internal import Radar

/// How the samples lie in a capture.
extension MMWaveProfile {
  /// How one sample is stored.
  func datatype() throws(RecordingError) -> Datatype {
    Datatype(try command("adcCfg").integer(1, in: 0...2) == 0 ? .real : .complex, .i16)
  }

  /// How the samples lie in a chirp, without what is around it.
  ///
  /// Boards with two lanes send the receivers one after another, and split each pair of complex
  /// samples between the lanes. Boards with four lanes send a receiver on each lane, and nothing
  /// on those of receivers that are off.
  func encoding(
    datatype: Datatype, receiverMask: Int
  ) throws(RecordingError) -> SampleEncoding {
    let isReal = datatype.sampleKind == .real
    let bits = [12, 14, 16][try command("adcCfg").integer(0, in: 0...2)]
    let buffer = try command("adcbufCfg")
    // Older firmware has no sub-frame before the other numbers.
    let first = buffer.count >= 5 ? 1 : 0
    try buffer.require(
      first, isReal ? 1 : 0, "adcCfg says that samples are \(isReal ? "real" : "complex")")
    let startsWithQuadrature = try buffer.integer(first + 1, in: 0...1) == 1
    var encoding = SampleEncoding(datatype: datatype, significantBits: bits == 16 ? nil : bits)
    let isByReceiver = try buffer.integer(first + 2, in: 0...1) == 1
    // The lanes are known from mmWave Studio only: boards with four of them interleave receivers.
    let lanes =
      try commands.contains { $0.name == "laneCfg" }
      ? command("laneCfg").integer(
        0, in: 1...15) : isByReceiver ? 3 : 15
    switch lanes.nonzeroBitCount {
    case 2: encoding.order = startsWithQuadrature ? .q0q1i0i1 : .i0i1q0q1
    case 4: encoding.order = startsWithQuadrature ? .q4i4 : .i4q4
    default:
      throw try command("laneCfg").invalid(
        0, expected: "two lanes or four, as a DCA1000 takes them")
    }
    if !isByReceiver {
      guard lanes.nonzeroBitCount == 4 else {
        throw try command("laneCfg").invalid(
          0, expected: "four lanes, as receivers that interleave need them")
      }
      encoding.axes = [.frame, .chirp, .sample, .receiver]
      var receiver = 0
      encoding.lanes = (0..<4).map { lane in
        guard receiverMask >> lane & 1 == 1 else { return nil }
        receiver += 1
        return receiver - 1
      }
    }
    if isReal { encoding.order = .iq }
    return encoding
  }

  /// Whether each chirp has a header.
  func hasHeaders() throws(RecordingError) -> Bool {
    guard commands.contains(where: { $0.name == "lvdsStreamCfg" }) else { return false }
    let stream = try command("lvdsStreamCfg")
    try stream.require(2, 1, "the samples of the converter")
    try stream.require(3, 0, "nothing else in the stream")
    return try stream.integer(1, in: 0...1) == 1
  }

  /// Adds the header before each chirp, which also tells whether a program put the words back into
  /// the order that they have in memory.
  func addHeaders(
    to encoding: inout SampleEncoding, shape: FrameShape, files: SampleFiles
  ) throws(RecordingError) {
    guard files.isOpen, encoding.lanes == nil else {
      throw try command("lvdsStreamCfg").invalid(
        1, expected: "0: headers are known in recordings of boards with two lanes only")
    }
    let samples = shape.sampleCount / shape.chirps
    let header = try ChirpHeader(
      files, packets: encoding.packets,
      dataBytes: samples * encoding.datatype.bitsPerSample / 8)
    encoding.chirpHeaderBytes = header.byteCount
    if !header.isByLane, shape.sampleKind == .complex {
      encoding.order = encoding.order.startsWithQuadrature ? .qi : .iq
    }
  }
}
