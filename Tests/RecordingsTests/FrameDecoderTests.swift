import Radar
import Recordings
import Testing

@Suite("Frame decoder")
struct FrameDecoderTests {
  private static func waveform(_ shape: FrameShape) -> Waveform {
    Waveform(
      ranging: .beat(bandwidth: 4e9), centerFrequency: 60e9, chirpInterval: 1e-3,
      frameInterval: 0.1, shape: shape)
  }

  /// All frames of `recording`, handed over in pieces that end at `cuts`.
  private static func decode(
    _ recording: [UInt8], cuts: [Int] = [], waveform: Waveform, encoding: SampleEncoding
  ) throws -> [Frame] {
    var decoder = try FrameDecoder(waveform: waveform, encoding: encoding)
    var frame = Frame(shape: waveform.shape)
    var frames: [Frame] = []
    var start = 0
    for end in cuts + [recording.count] {
      decoder.append(Array(recording[start..<end]).span)
      start = end
      while try decoder.decode(into: &frame) { frames.append(frame) }
    }
    try decoder.finish()
    while try decoder.decode(into: &frame) { frames.append(frame) }
    return frames
  }

  @Test("Frames are equal however the bytes are split")
  func splitInvariance() throws {
    let shape = FrameShape(chirps: 2, receivers: 2, samplesPerChirp: 2, sampleKind: .complex)
    let encoding = SampleEncoding(
      datatype: Datatype(.complex, .i16), order: .q0q1i0i1,
      gaps: [.init(position: 0, count: 5), .init(position: 40, count: 3)], trailingBytes: 7)
    let recording = (0..<(3 * 32 + 15)).map { UInt8(truncatingIfNeeded: $0 &* 37) }
    let waveform = Self.waveform(shape)
    let expected = try Self.decode(recording, waveform: waveform, encoding: encoding)
    #expect(expected.count == 3)
    for cut in 0...recording.count {
      #expect(
        try Self.decode(recording, cuts: [cut], waveform: waveform, encoding: encoding) == expected)
    }
    let everyByte = Array(0..<recording.count)
    #expect(
      try Self.decode(recording, cuts: everyByte, waveform: waveform, encoding: encoding)
        == expected)
  }

  @Test("Frames are equal however a longer recording is split", arguments: 0..<20)
  func randomSplits(seed: Int) throws {
    let shape = FrameShape(chirps: 8, receivers: 3, samplesPerChirp: 16, sampleKind: .real)
    let encoding = SampleEncoding(datatype: Datatype(.real, .u16, .bigEndian), significantBits: 12)
    let recording = (0..<(20 * 8 * 3 * 16 * 2)).map { UInt8(truncatingIfNeeded: $0 &* $0) }
    let waveform = Self.waveform(shape)
    let cuts = (0..<30).map { _ in Int.random(in: 0...recording.count) }.sorted()
    let expected = try Self.decode(recording, waveform: waveform, encoding: encoding)
    #expect(expected.count == 20 && expected[7].index == 7 && expected[7].time == 7 * 0.1)
    #expect(
      try Self.decode(recording, cuts: cuts, waveform: waveform, encoding: encoding) == expected)
  }

  @Test("Every order of I and Q finds each sample", arguments: SampleOrder.allCases)
  func sampleOrders(order: SampleOrder) throws {
    // Sample n has I = n and Q = 100 + n. These are the orders written out by hand.
    let stored: [Int] =
      switch order {
      case .iq: [0, 100, 1, 101, 2, 102, 3, 103]
      case .qi: [100, 0, 101, 1, 102, 2, 103, 3]
      case .i0i1q0q1: [0, 1, 100, 101, 2, 3, 102, 103]
      case .q0q1i0i1: [100, 101, 0, 1, 102, 103, 2, 3]
      case .i4q4: [0, 1, 2, 3, 100, 101, 102, 103]
      case .q4i4: [100, 101, 102, 103, 0, 1, 2, 3]
      }
    let shape = FrameShape(chirps: 1, receivers: 2, samplesPerChirp: 2, sampleKind: .complex)
    let frames = try Self.decode(
      bytes(stored), waveform: Self.waveform(shape),
      encoding: SampleEncoding(datatype: Datatype(.complex, .i16), order: order))
    #expect(frames.map(\.samples) == [[0, 100, 1, 101, 2, 102, 3, 103]])
  }

  @Test("Four lanes interleave four receivers")
  func fourLanes() throws {
    let shape = FrameShape(chirps: 1, receivers: 4, samplesPerChirp: 2, sampleKind: .complex)
    let stored = [0, 10, 20, 30, 100, 110, 120, 130, 1, 11, 21, 31, 101, 111, 121, 131]
    let frames = try Self.decode(
      bytes(stored), waveform: Self.waveform(shape),
      encoding: SampleEncoding(
        datatype: Datatype(.complex, .i16), order: .i4q4,
        axes: [.frame, .chirp, .sample, .receiver]))
    #expect(
      frames[0].samples == [0, 100, 1, 101, 10, 110, 11, 111, 20, 120, 21, 121, 30, 130, 31, 131])
  }

  /// Every order of the four axes inside a frame.
  private static let permutations: [[RecordingAxis]] = {
    func permutations(_ axes: [RecordingAxis]) -> [[RecordingAxis]] {
      axes.isEmpty
        ? [[]]
        : axes.flatMap { axis in permutations(axes.filter { $0 != axis }).map { [axis] + $0 } }
    }
    return permutations([.chirp, .transmitter, .receiver, .sample])
  }()

  @Test("Every order of the axes finds each sample", arguments: permutations)
  func axes(order: [RecordingAxis]) throws {
    let lengths: [RecordingAxis: Int] = [.chirp: 3, .transmitter: 2, .receiver: 2, .sample: 5]
    // Each sample carries its own coordinates as decimal digits.
    var stored: [Int] = []
    func write(_ axes: ArraySlice<RecordingAxis>, _ place: [RecordingAxis: Int]) {
      guard let axis = axes.first else {
        stored.append(
          place[.chirp, default: 0] * 1000 + place[.transmitter, default: 0] * 100
            + place[.receiver, default: 0] * 10 + place[.sample, default: 0])
        return
      }
      for index in 0..<lengths[axis, default: 0] {
        write(axes.dropFirst(), place.merging([axis: index]) { $1 })
      }
    }
    write(order[...], [:])
    let shape = FrameShape(
      chirps: 6, receivers: 2, samplesPerChirp: 5, sampleKind: .real, transmitters: 2)
    let frames = try Self.decode(
      bytes(stored), waveform: Self.waveform(shape),
      encoding: SampleEncoding(datatype: Datatype(.real, .i16), axes: [.frame] + order))
    var expected: [Float] = []
    for chirp in 0..<6 {
      for receiver in 0..<2 {
        for sample in 0..<5 {
          expected.append(Float(chirp / 2 * 1000 + chirp % 2 * 100 + receiver * 10 + sample))
        }
      }
    }
    #expect(frames[0].samples == expected)
  }

  @Test("Bits without a meaning have none")
  func significantBits() throws {
    let shape = FrameShape(chirps: 1, receivers: 1, samplesPerChirp: 3, sampleKind: .real)
    let signed = try Self.decode(
      bytes([0x0FFF, 0xF800, 0x07FF]), waveform: Self.waveform(shape),
      encoding: SampleEncoding(datatype: Datatype(.real, .i16), significantBits: 12))
    #expect(signed[0].samples == [-1, -2048, 2047])
    let unsigned = try Self.decode(
      bytes([0x0FFF, 0xF800, 0x07FF]), waveform: Self.waveform(shape),
      encoding: SampleEncoding(datatype: Datatype(.real, .u16), significantBits: 12))
    #expect(unsigned[0].samples == [4095, 2048, 2047])
  }

  @Test("A part of a frame at the end is refused")
  func partialFrame() throws {
    let shape = FrameShape(chirps: 2, receivers: 1, samplesPerChirp: 4, sampleKind: .real)
    let encoding = SampleEncoding(
      datatype: Datatype(.real, .i16), gaps: [.init(position: 0, count: 100)])
    let error = RecordingError.partialFrame(offset: 132, frames: 2, found: 9, expected: 16)
    #expect(throws: error) {
      try Self.decode(
        Array(repeating: 1, count: 141), waveform: Self.waveform(shape), encoding: encoding)
    }
    #expect(
      error.description
        == "the recording ends inside a frame: after 2 whole frames, at byte 132, there are 9 bytes"
        + " left of the 16 that a frame takes")
  }

  @Test("A sample that is no number is refused")
  func notFinite() throws {
    let shape = FrameShape(chirps: 1, receivers: 1, samplesPerChirp: 1, sampleKind: .real)
    #expect(throws: RecordingError.notFinite(frame: 1)) {
      try Self.decode(
        [0, 0, 0x80, 0x3F, 0, 0, 0xC0, 0x7F], waveform: Self.waveform(shape),
        encoding: SampleEncoding(datatype: Datatype(.real, .f32)))
    }
  }

  @Test("Memory does not grow with the recording")
  func constantMemory() throws {
    let shape = FrameShape(chirps: 2, receivers: 1, samplesPerChirp: 64, sampleKind: .real)
    let waveform = Self.waveform(shape)
    var decoder = try FrameDecoder(
      waveform: waveform, encoding: SampleEncoding(datatype: Datatype(.real, .i16)))
    var frame = Frame(shape: shape)
    let piece = [UInt8](repeating: 3, count: 1000)
    var count = 0
    for _ in 0..<1000 {
      decoder.append(piece.span)
      while try decoder.decode(into: &frame) { count += 1 }
      #expect(decoder.pendingBytes < 256)
    }
    #expect(count == 1_000_000 / 256)
  }
}
