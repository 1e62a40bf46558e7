import Radar
import Recordings

/// Decoders that take bytes in pieces.
enum Streams {
  /// Bytes of frames: the first eight choose shape, encoding and the length of the pieces.
  static func frames(_ data: [UInt8]) {
    guard data.count > 8 else { return }
    let head = data.prefix(8).map { Int($0) }
    let scalars = Datatype.Scalar.allCases
    let orders = SampleOrder.allCases
    let axes: [[RecordingAxis]] = [
      SampleEncoding.canonicalAxes, [.frame, .chirp, .sample, .receiver],
      [.frame, .sample, .transmitter, .receiver, .chirp], [.frame, .receiver, .chirp, .sample],
    ]
    let kind: FrameShape.SampleKind = head[0] & 1 == 0 ? .real : .complex
    let scalar = scalars[head[1] % scalars.count]
    let transmitters = head[0] & 2 == 0 ? 1 : 2
    let shape = FrameShape(
      chirps: transmitters * (head[2] % 4 + 1), receivers: head[2] / 4 % 4 + 1,
      samplesPerChirp: head[3] % 16 + 1, sampleKind: kind, transmitters: transmitters)
    let isInteger = scalar.isInteger
    let encoding = SampleEncoding(
      datatype: Datatype(kind, scalar, head[0] & 4 == 0 ? .littleEndian : .bigEndian),
      order: orders[head[4] % orders.count], axes: axes[head[4] / 8 % axes.count],
      significantBits: isInteger && head[5] & 1 == 1 ? head[5] % scalar.bits + 1 : nil,
      chirpHeaderBytes: head[0] & 8 == 0 ? 0 : 2 * (head[5] % 8),
      gaps: head[6] == 0 ? [] : [.init(position: head[6] % 7, count: head[6])],
      trailingBytes: head[0] & 16 == 0 ? 0 : head[6])
    decode(data.dropFirst(8), shape: shape, encoding: encoding, pieceBytes: head[7] % 64 + 1)
  }

  /// Packets: the first byte is the length of the pieces, and of the datagrams.
  static func packets(_ data: [UInt8], _ format: PacketFormat) {
    guard let first = data.first else { return }
    let encoding = SampleEncoding(
      datatype: Datatype(.complex, .i16), order: .q0q1i0i1, packets: format)
    decode(
      data.dropFirst(),
      shape: FrameShape(chirps: 4, receivers: 2, samplesPerChirp: 4, sampleKind: .complex),
      encoding: encoding, pieceBytes: Int(first) % 64 + 1)
  }

  private static func decode(
    _ bytes: ArraySlice<UInt8>, shape: FrameShape, encoding: SampleEncoding, pieceBytes: Int
  ) {
    let waveform = Waveform(
      ranging: .beat(bandwidth: 4e9), centerFrequency: 60e9, chirpInterval: 1e-3,
      frameInterval: 0.1, shape: shape)
    do throws(RecordingError) {
      var decoder = try FrameDecoder(waveform: waveform, encoding: encoding)
      var frame = Frame(shape: shape)
      var count = 0
      var rest = bytes
      while !rest.isEmpty, count < 512 {
        decoder.append(Array(rest.prefix(pieceBytes)).span)
        rest = rest.dropFirst(pieceBytes)
        while count < 512, try decoder.decode(into: &frame) { count += 1 }
      }
      guard count < 512 else { return }
      try decoder.finish()
      while count < 512, try decoder.decode(into: &frame) { count += 1 }
    } catch {
      check(error)
    }
  }

  /// A refusal is one line of text.
  static func check(_ error: RecordingError) {
    precondition(!error.description.isEmpty && !error.description.contains("\n"))
  }
}
