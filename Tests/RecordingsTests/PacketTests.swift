import Foundation
import Radar
import Recordings
import Testing

@Suite("Packets of a capture card")
struct PacketTests {
  private static let shape = FrameShape(
    chirps: 4, receivers: 2, samplesPerChirp: 8, sampleKind: .real)
  private static let waveform = Waveform(
    ranging: .beat(bandwidth: 4e9), centerFrequency: 60e9, chirpInterval: 1e-3,
    frameInterval: 0.01, shape: shape)

  /// The bytes of a chirp and of a frame.
  private static let chirpBytes = 32
  private static let frameBytes = 128

  private struct Datagram {
    var sequence: Int
    var position: Int
    var payload: [UInt8]

    var bytes: [UInt8] {
      RecordingsTests.bytes([sequence], width: 4) + RecordingsTests.bytes([position], width: 6)
        + payload
    }

    var record: [UInt8] {
      RecordingsTests.bytes([sequence, payload.count], width: 4)
        + RecordingsTests.bytes([position], width: 6) + payload
    }
  }

  /// Five frames whose bytes are never zero.
  private static let stream = (0..<5 * frameBytes).map { UInt8($0 % 251 + 1) }

  /// The stream in packets that fit neither chirps nor frames.
  private static func datagrams(from start: Int = 0, size: Int = 24) -> [Datagram] {
    stride(from: 0, to: stream.count, by: size).enumerated().map { index, position in
      Datagram(
        sequence: index + 1, position: (start + position) & 0xFFFF_FFFF_FFFF,
        payload: Array(stream[position..<min(position + size, stream.count)]))
    }
  }

  private static func decode(_ datagrams: [Datagram]) throws -> [Frame] {
    var decoder = try FrameDecoder(
      waveform: waveform,
      encoding: SampleEncoding(datatype: Datatype(.real, .i16), packets: .datagrams))
    var frame = Frame(shape: shape)
    var frames: [Frame] = []
    for datagram in datagrams {
      decoder.append(datagram.bytes.span)
      while try decoder.decode(into: &frame) { frames.append(frame) }
    }
    try decoder.finish()
    while try decoder.decode(into: &frame) { frames.append(frame) }
    return frames
  }

  /// What arrives if all goes well.
  private static func expected() throws -> [Frame] {
    var decoder = try FrameDecoder(
      waveform: waveform, encoding: SampleEncoding(datatype: Datatype(.real, .i16)))
    decoder.append(stream.span)
    var frame = Frame(shape: shape)
    var frames: [Frame] = []
    while try decoder.decode(into: &frame) { frames.append(frame) }
    return frames
  }

  @Test("Packets in order make frames")
  func inOrder() throws {
    #expect(try Self.decode(Self.datagrams()) == Self.expected())
  }

  @Test("Packets may come late and twice")
  func reordered() throws {
    var datagrams = Self.datagrams()
    datagrams.swapAt(0, 2)
    datagrams.swapAt(9, 14)
    datagrams.insert(datagrams[3], at: 12)
    datagrams.insert(datagrams[20], at: 21)
    #expect(try Self.decode(datagrams) == Self.expected())
  }

  @Test("A lost packet is zeros, and its chirps are invalid", arguments: 0..<26)
  func lost(index: Int) throws {
    var datagrams = Self.datagrams()
    datagrams.remove(at: index)
    let frames = try Self.decode(datagrams)
    let expected = try Self.expected()
    #expect(frames.count == 5)
    let lost = index * 24..<index * 24 + 24
    for (frame, whole) in zip(frames, expected) {
      for chirp in 0..<4 {
        let start = frame.index * Self.frameBytes + chirp * Self.chirpBytes
        let isHit = lost.overlaps(start..<start + Self.chirpBytes)
        #expect(frame.validity[chirp] == !isHit)
        for sample in chirp * 16..<chirp * 16 + 16 {
          let byte = frame.index * Self.frameBytes + 2 * sample
          #expect(frame.samples[sample] == (lost.contains(byte) ? 0 : whole.samples[sample]))
        }
      }
    }
  }

  @Test("Frames that are lost as a whole still count")
  func lostFrames() throws {
    let datagrams = Self.datagrams().filter { $0.position < 120 || $0.position >= 480 }
    let frames = try Self.decode(datagrams)
    #expect(frames.map(\.index) == [0, 1, 2, 3, 4])
    #expect(frames.map(\.damage) == [0.25, 1, 1, 0.75, 0])
    #expect(frames[2].samples.allSatisfy { $0 == 0 } && frames[2].time == 0.02)
    #expect(try frames[4] == Self.expected()[4])
  }

  @Test("Counters wrap")
  func wrapping() throws {
    let start = (1 << 48) / Self.frameBytes * Self.frameBytes - 2 * Self.frameBytes
    var datagrams = Self.datagrams(from: start)
    for index in datagrams.indices { datagrams[index].sequence = 0xFFFF_FFFA + index }
    #expect(try Self.decode(datagrams) == Self.expected())
    datagrams.remove(at: 11)
    #expect(try Self.decode(datagrams).map(\.damage) == [0, 0, 0.25, 0, 0])
  }

  @Test("A new capture starts a new frame")
  func restart() throws {
    let datagrams = Self.datagrams(size: 8)
    let frames = try Self.decode(datagrams + datagrams.dropLast(3) + datagrams)
    let expected = try Self.expected()
    #expect(frames.map(\.index) == Array(0..<15))
    #expect(frames[..<5].map(\.samples) == expected.map(\.samples))
    #expect(frames[9].damage > 0)
    #expect(frames[10...].map(\.samples) == expected.map(\.samples))
  }

  @Test("The zeros that fill the last packet are no frame")
  func padding() throws {
    var datagrams = Self.datagrams()
    datagrams[datagrams.count - 1].payload += [UInt8](repeating: 0, count: 8)
    #expect(try Self.decode(datagrams) == Self.expected())
  }

  @Test("A damaged header cannot ask for more than there is")
  func implausibleLoss() throws {
    var datagrams = Self.datagrams()
    for index in 12..<25 { datagrams[index].position += 1 << 40 }
    let path = try TemporaryFolder()
    try path.write("adc_data_Raw_0.sigmf-meta", global: Self.fields)
    let file = try path.write("adc_data_Raw_0.bin", datagrams.flatMap(\.record))
    #expect(
      throws: RecordingError.implausibleLoss(
        offset: 288, found: 1 << 40 + 7 * 24, limit: 1 << 30)
    ) { try readFrames(file) }
    #expect(throws: RecordingError.noPackets(bytes: 3)) {
      var decoder = try FrameDecoder(
        waveform: Self.waveform,
        encoding: SampleEncoding(datatype: Datatype(.real, .i16), packets: .records))
      decoder.append([1, 2, 3].span)
      try decoder.finish()
    }
  }

  private static let fields: [String: any Sendable] = [
    "core:datatype": "ri16_le", "radar:waveform": "fmcw", "radar:center_frequency_hz": 60e9,
    "radar:bandwidth_hz": 4e9, "radar:chirp_interval_s": 1e-3, "radar:frame_interval_s": 0.01,
    "radar:samples_per_chirp": 8, "radar:chirps_per_frame": 4, "radar:receivers": 2,
  ]

  @Test("The records of mmWave Studio are read over several files")
  func records() throws {
    let folder = try TemporaryFolder()
    let path = folder.path
    try folder.write("adc_data_Raw_0.sigmf-meta", global: Self.fields)
    var datagrams = Self.datagrams()
    datagrams.remove(at: 7)
    let records = datagrams.flatMap(\.record)
    try folder.write("adc_data_Raw_0.bin", records)
    let frames = try readFrames(path + "/adc_data_Raw_0.bin")
    #expect(try frames == Self.decode(datagrams))
    #expect(try RecordingMetadata(path: path + "/adc_data_Raw_0.bin").frameCount == nil)

    // A header that cannot be is named with its place.
    let damaged = records + Array("this is a text of some length".utf8)
    try folder.write("adc_data_Raw_0.bin", damaged)
    #expect(
      throws: RecordingError.malformedPacket(
        number: 26, offset: records.count, found: 0x2073_6920, expected: 1456)
    ) { try readFrames(path + "/adc_data_Raw_0.bin") }

    // A packet that the end of the file cuts is not used, which is said.
    try folder.write("adc_data_Raw_0.bin", Array(records.dropLast(5)))
    var reader = try RecordingReader(path: path + "/adc_data_Raw_0.bin")
    var frame = Frame(shape: Self.shape)
    var last: Frame?
    while try reader.read(into: &frame) { last = frame }
    #expect(last?.validity.last == false && reader.reception.cutBytes > 0)
    #expect(reader.reception.receivedBytes + reader.reception.lostBytes == 5 * Self.frameBytes)
  }

  /// An Ethernet frame with a UDP datagram for `port`.
  private static func ethernet(_ payload: [UInt8], port: Int = 4098, isTagged: Bool = false)
    -> [UInt8]
  {
    let big = { (number: Int) in [UInt8(number >> 8 & 0xFF), UInt8(number & 0xFF)] }
    let internet =
      [0x45, 0] + big(28 + payload.count) + [0, 0, 0x40, 0, 64, 17, 0, 0]
      + [192, 168, 33, 180, 192, 168, 33, 30]
    let datagram = big(4098) + big(port) + big(8 + payload.count) + [0, 0] + payload
    return [UInt8](repeating: 2, count: 12) + (isTagged ? [0x81, 0, 0, 7] : []) + [8, 0] + internet
      + datagram + [0, 0, 0]
  }

  @Test("Captures of the network are read in every variant", arguments: 0..<4)
  func networkCapture(variant: Int) throws {
    let folder = try TemporaryFolder()
    let isBig = variant == 1
    func number(_ value: Int, _ width: Int = 4) -> [UInt8] {
      let little = bytes([value], width: width)
      return isBig ? little.reversed() : little
    }
    var datagrams = Self.datagrams()
    datagrams.swapAt(4, 5)
    let frames =
      [Self.ethernet([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12], port: 4096), [1, 2, 3]]
      + datagrams.map { Self.ethernet($0.bytes, isTagged: variant == 2) }
    var capture: [UInt8]
    if variant < 3 {
      capture =
        number(0xA1B2_C3D4) + number(2, 2) + number(4, 2) + number(0) + number(0) + number(65535)
        + number(1)
      for frame in frames {
        capture += number(1) + number(2) + number(frame.count) + number(frame.count) + frame
      }
    } else {
      func block(_ type: Int, _ body: [UInt8]) -> [UInt8] {
        let padded = body + [UInt8](repeating: 0, count: (4 - body.count % 4) % 4)
        return number(type) + number(12 + padded.count) + padded + number(12 + padded.count)
      }
      capture = block(
        0x0A0D_0D0A, number(0x1A2B_3C4D) + number(1, 2) + number(0, 2) + number(-1, 8))
      capture += block(1, number(1, 2) + number(0, 2) + number(65535)) + block(5, [1, 2, 3, 4, 5])
      for frame in frames {
        capture += block(
          6, number(0) + number(0) + number(0) + number(frame.count) + number(frame.count) + frame)
      }
    }
    let name = variant == 3 ? "a.pcapng" : "a.pcap"
    try folder.write("a.sigmf-meta", global: Self.fields.merging(["core:dataset": name]) { $1 })
    let found = try readFrames(folder.write(name, capture))
    #expect(try found == Self.expected())
  }

  @Test(
    "A capture of a real card has the published samples",
    .enabled(
      if: hasSharedData("golden/dca1000-pcap"), "../shared/data/golden/dca1000-pcap is absent"))
  func golden() throws {
    let folder = try TemporaryFolder()
    try folder.write(
      "a.sigmf-meta",
      global: Self.fields.merging([
        "core:datatype": "ci16_le", "core:dataset": "a.pcap", "radar:iq_order": "q0q1i0i1",
        "radar:chirps_per_frame": 16, "radar:receivers": 4, "radar:samples_per_chirp": 64,
        "radar:frame_interval_s": 0.1,
      ]) { $1 })
    let source = sharedData + "/golden/dca1000-pcap/test_one_frame.pcap"
    let frames = try readFrames(
      folder.write("a.pcap", [UInt8](Data(contentsOf: URL(fileURLWithPath: source)))))
    #expect(frames.count == 1 && frames[0].damage == 0)
    // The three that are published, and six that NumPy reads.
    let samples = [
      (4065, 223, 120), (2394, 745, -301), (1262, 582, 30), (0, -255, 168), (1, -497, -356),
      (363, -29, 180), (364, 39, 88), (2048, -214, 173), (4095, 487, 188),
    ]
    for (sample, i, q) in samples {
      #expect(Array(frames[0].samples[2 * sample...2 * sample + 1]) == [Float(i), Float(q)])
    }
  }
}
