import Radar
import Recordings
import Testing

/// The same numbers for the same seed.
struct TestGenerator: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var bits = state
    bits = (bits ^ (bits >> 30)) &* 0xBF58_476D_1CE4_E5B9
    bits = (bits ^ (bits >> 27)) &* 0x94D0_49BB_1331_11EB
    return bits ^ (bits >> 31)
  }
}

@Suite("A bad transport")
struct BadTransportTests {
  private static let waveform = Waveform(
    ranging: .beat(bandwidth: 4e9), centerFrequency: 60e9, chirpInterval: 1e-3,
    frameInterval: 0.01,
    shape: FrameShape(chirps: 4, receivers: 2, samplesPerChirp: 8, sampleKind: .real))
  private static let encoding = SampleEncoding(datatype: Datatype(.real, .i16))
  private static let payload = 24

  /// Frames whose samples are never zero.
  private static func frames(_ count: Int, from first: Int = 0) -> [Frame] {
    (first..<first + count).map { index in
      var frame = Frame(
        shape: waveform.shape, index: index, time: Double(index) * waveform.frameInterval)
      for place in frame.samples.indices { frame.samples[place] = Float(1 + index * 64 + place) }
      return frame
    }
  }

  /// The datagrams that carry `frames`.
  private static func datagrams(
    _ frames: [Frame], sequence: UInt32 = 1, position: UInt64 = 0
  ) throws -> [[UInt8]] {
    var encoder = try DatagramEncoder(
      waveform: waveform, encoding: encoding, payloadBytes: payload, sequence: sequence,
      position: position)
    var datagrams: [[UInt8]] = []
    for frame in frames { encoder.append(frame) { datagram, _ in datagrams.append(datagram) } }
    encoder.finish { datagram, _ in datagrams.append(datagram) }
    return datagrams
  }

  private static func decode(
    _ datagrams: [[UInt8]]
  ) throws -> (frames: [Frame], reception: Reception) {
    var encoding = encoding
    encoding.packets = .datagrams
    var decoder = try FrameDecoder(waveform: waveform, encoding: encoding)
    var frame = Frame(shape: waveform.shape)
    var frames: [Frame] = []
    for datagram in datagrams {
      decoder.append(datagram.span)
      while try decoder.decode(into: &frame) { frames.append(frame) }
    }
    try decoder.finish()
    while try decoder.decode(into: &frame) { frames.append(frame) }
    return (frames, decoder.reception)
  }

  @Test(
    "Whatever the order within reach, the frames are the same", arguments: 0..<20 as Range<UInt64>)
  func reordering(seed: UInt64) throws {
    var generator = TestGenerator(state: seed)
    let frames = Self.frames(40)
    let datagrams = try Self.datagrams(frames)
    // Each is overtaken by at most thirty others.
    let order = datagrams.indices.map { ($0, $0 + Int.random(in: 0...30, using: &generator)) }
      .sorted { ($0.1, $0.0) < ($1.1, $1.0) }.map(\.0)
    var sent = order.map { datagrams[$0] }
    for _ in 0..<10 {
      let twice = Int.random(in: sent.indices, using: &generator)
      let later = min(twice + Int.random(in: 1...30, using: &generator), sent.count)
      sent.insert(sent[twice], at: later)
    }
    let (found, reception) = try Self.decode(sent)
    let isUnchanged = found == frames
    #expect(isUnchanged)
    #expect(reception.packets == datagrams.count + 10 && reception.duplicates == 10)
    #expect(reception.lostBytes == 0 && reception.late == 0 && reception.strays == 0)
    #expect(reception.reordered > 0 && !reception.isDamaged)
  }

  @Test("Every byte is accounted for, whatever happens", arguments: 0..<40 as Range<UInt64>)
  func accounting(seed: UInt64) throws {
    var generator = TestGenerator(state: seed)
    let frames = Self.frames(60)
    let start = (UInt64(1) << 48) / 128 * 128 - 128 * 30
    // Counters wrap in every other run.
    let wraps = seed.isMultiple(of: 2)
    let datagrams = try Self.datagrams(
      frames, sequence: wraps ? .max - 100 : 1, position: wraps ? start : 0)
    var arrivals: [(time: Int, datagram: [UInt8])] = []
    for (index, datagram) in datagrams.enumerated() {
      // The first and the last tell where the recording begins and ends.
      let isInside = index > 0 && index < datagrams.count - 1
      if isInside, Int.random(in: 0..<10, using: &generator) == 0 { continue }
      let delay = isInside ? [0, 0, 0, 5, 60].randomElement(using: &generator) ?? 0 : 0
      arrivals.append((index + delay, datagram))
      if Int.random(in: 0..<10, using: &generator) == 0 { arrivals.append((index + 3, datagram)) }
    }
    let order = arrivals.indices.sorted { (arrivals[$0].time, $0) < (arrivals[$1].time, $1) }
    let (found, reception) = try Self.decode(order.map { arrivals[$0].datagram })

    #expect(found.map(\.index) == Array(0..<60) && reception.frames == 60)
    #expect(reception.receivedBytes + reception.lostBytes == 60 * 128)
    #expect(reception.packets == arrivals.count)
    #expect(reception.late > 0 && reception.duplicates > 0 && reception.strays == 0)
    let useful = reception.receivedBytes / Self.payload
    #expect(reception.packets == useful + reception.late + reception.duplicates)
    var lostChirps = 0
    for (frame, whole) in zip(found, frames) {
      for chirp in 0..<4 {
        let places = chirp * 16..<chirp * 16 + 16
        let isWhole = frame.samples[places] == whole.samples[places]
        #expect(frame.validity[chirp] == isWhole)
        if !isWhole { lostChirps += 1 }
        for place in places where frame.samples[place] != whole.samples[place] {
          #expect(frame.samples[place] == 0)
        }
      }
    }
    #expect(lostChirps == reception.lostChirps && lostChirps > 0)
    #expect(found.count { $0.damage > 0 } == reception.damagedFrames + reception.lostFrames)
  }

  @Test(
    "A sender that starts anew is followed, even if its first packets are lost",
    arguments: [0, 1, 5])
  func restart(lost: Int) throws {
    let first = try Self.datagrams(Self.frames(200))
    let second = try Self.datagrams(Self.frames(20, from: 250)).dropFirst(lost)
    let (found, reception) = try Self.decode(first + second)
    #expect(reception.restarts == 1 && reception.strays == 0)
    #expect(found.count == 220 && found[..<200].allSatisfy { $0.damage == 0 })
    let whole = Self.frames(20, from: 250)
    for (frame, other) in zip(found[200...], whole).dropFirst((lost * Self.payload + 127) / 128) {
      let isUnchanged = frame.samples == other.samples && frame.damage == 0
      #expect(isUnchanged)
    }
    // A file of packets may begin anew as well.
    #expect(found.map(\.index) == Array(0..<220))
  }

  @Test("A packet from elsewhere changes nothing but its count")
  func strays() throws {
    let frames = Self.frames(40)
    var datagrams = try Self.datagrams(frames)
    for (index, byte) in [(20, 7), (60, 8), (61, 9), (150, 8)] {
      var stray = datagrams[index]
      stray[byte] ^= 0x80
      datagrams.insert(stray, at: index)
    }
    datagrams.insert([1, 2, 3], at: 30)
    datagrams.insert([], at: 31)
    let (found, reception) = try Self.decode(datagrams)
    let isUnchanged = found == frames
    #expect(isUnchanged)
    #expect(reception.strays == 6 && reception.lostBytes == 0)
  }

  @Test(
    "Whatever arrives, each packet and byte is counted once", arguments: 0..<10 as Range<UInt64>)
  func noise(seed: UInt64) throws {
    var generator = TestGenerator(state: seed)
    var encoding = Self.encoding
    encoding.packets = .datagrams
    var decoder = try FrameDecoder(waveform: Self.waveform, encoding: encoding)
    var frame = Frame(shape: Self.waveform.shape)
    var last: UInt64 = 0
    for _ in 0..<2000 {
      let position: UInt64 =
        switch Int.random(in: 0..<8, using: &generator) {
        case 0: 0
        case 1: .random(in: 0..<1 << 48, using: &generator)
        case 2: (1 << 48) - .random(in: 1..<1 << 14, using: &generator)
        case 3: .random(in: 0..<1 << 14, using: &generator)
        default: last
        }
      let sequence = Int.random(in: 0..<3, using: &generator)
      let length = Int.random(in: 0..<60, using: &generator)
      last = (position + UInt64(length)) % (1 << 48)
      let payload = (0..<length).map { _ in UInt8.random(in: 0...1, using: &generator) }
      let datagram = bytes([sequence], width: 4) + bytes([Int(position)], width: 6) + payload
      let arrived = Array(datagram.prefix(.random(in: 5...70, using: &generator)))
      decoder.append(arrived.span)
      while try decoder.decode(into: &frame) {}
      #expect(decoder.pendingBytes < 1 << 16)
    }
    try decoder.finish()
    while try decoder.decode(into: &frame) {}
    let reception = decoder.reception
    #expect(reception.packets == 2000 && reception.strays > 0 && reception.restarts > 0)
    #expect(reception.receivedBytes + reception.lostBytes == reception.frames * 128)
  }

  @Test("What packets wait for can be given up, and is late when it comes")
  func givingUp() throws {
    let frames = Self.frames(3)
    var datagrams = try Self.datagrams(frames)
    let missing = datagrams.remove(at: 1)
    var encoding = Self.encoding
    encoding.packets = .datagrams
    var decoder = try FrameDecoder(waveform: Self.waveform, encoding: encoding)
    var frame = Frame(shape: Self.waveform.shape)
    for datagram in datagrams {
      decoder.append(datagram.span)
      #expect(try !decoder.decode(into: &frame))
    }
    #expect(decoder.isWaiting)
    decoder.giveUpWaiting()
    #expect(!decoder.isWaiting)
    var damages: [Double] = []
    while try decoder.decode(into: &frame) { damages.append(frame.damage) }
    #expect(damages == [0.5, 0, 0])
    decoder.append(missing.span)
    #expect(try !decoder.decode(into: &frame))
    #expect(decoder.reception.late == 1 && decoder.reception.lostBytes == Self.payload)
  }

  @Test("Chirps that a recording lost are lost to the receiver as well")
  func damagedRecording() throws {
    var frames = Self.frames(4)
    // A payload is 24 bytes, a chirp 32: those from the sixth chirp to the tenth hold six payloads.
    for chirp in 6...10 {
      frames[chirp / 4].validity[chirp % 4] = false
      for place in 0..<16 { frames[chirp / 4].samples[chirp % 4 * 16 + place] = 0 }
    }
    let (found, reception) = try Self.decode(Self.datagrams(frames))
    let isUnchanged = found == frames
    #expect(isUnchanged)
    #expect(reception.lostBytes == 6 * Self.payload)
  }

  @Test("Every encoding of one frame after another survives the way through datagrams")
  func encodings() throws {
    for kind in [FrameShape.SampleKind.real, .complex] {
      let shape = FrameShape(chirps: 4, receivers: 4, samplesPerChirp: 8, sampleKind: kind)
      var waveform = Self.waveform
      waveform.shape = shape
      waveform.receiverPositions = [.zero, .one, .zero, .one]
      for scalar in Datatype.Scalar.allCases {
        for order in kind == .complex ? SampleOrder.allCases : [.iq] {
          let axes: [RecordingAxis] =
            order.groupLength == 4
            ? [.frame, .chirp, .sample, .receiver] : SampleEncoding.canonicalAxes
          let encoding = SampleEncoding(
            datatype: Datatype(kind, scalar), order: order, axes: axes,
            gaps: [.init(position: 0, count: 100)], trailingBytes: 3)
          var encoder = try DatagramEncoder(
            waveform: waveform, encoding: encoding, payloadBytes: 100)
          var decoder = try FrameDecoder(waveform: waveform, encoding: encoder.encoding)
          var found: [Frame] = []
          var frame = Frame(shape: shape)
          var sent: [Frame] = []
          for index in 0..<3 {
            var next = Frame(
              shape: shape, index: index, time: Double(index) * waveform.frameInterval)
            for place in next.samples.indices { next.samples[place] = Float((place + index) % 100) }
            sent.append(next)
            encoder.append(next) { datagram, _ in decoder.append(datagram.span) }
            while try decoder.decode(into: &frame) { found.append(frame) }
          }
          encoder.finish { datagram, _ in decoder.append(datagram.span) }
          while try decoder.decode(into: &frame) { found.append(frame) }
          let isUnchanged = found == sent
          #expect(isUnchanged, "\(kind) \(scalar) \(order)")
        }
      }
    }
  }
}
