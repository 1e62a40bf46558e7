import Foundation
import LiveSources
import Radar
import Recordings
import Testing

@Suite("Over loopback", .serialized)
struct LoopbackTests {
  /// Frames of 128 kB, as an xWR6843 sends with four receivers.
  private static let waveform = Waveform(
    ranging: .beat(bandwidth: 4e9), centerFrequency: 60e9, chirpInterval: 15e-6,
    frameInterval: 1 / 460,  // ≈ 60 MB/s
    shape: FrameShape(chirps: 128, receivers: 4, samplesPerChirp: 64, sampleKind: .complex))

  private static let encoding = SampleEncoding(
    datatype: Datatype(.complex, .i16), order: .i0i1q0q1)

  private static func reader(
    of waveform: Waveform = waveform, address: String = "127.0.0.1", port: Int = 0,
    capacity: Int? = nil
  ) throws -> LiveReader {
    try LiveReader(
      address: address, port: port, waveform: waveform, encoding: encoding, capacity: capacity)
  }

  /// The seconds to send for, and how much slower than 60 MB/s: debug builds decode slowly.
  private static let seconds =
    ProcessInfo.processInfo.environment["LOOPBACK_SECONDS"].flatMap { Double($0) } ?? 2
  #if DEBUG
    private static let speed = 0.02
  #else
    private static let speed = 1.0
  #endif

  private static func sample(_ frame: Int, _ place: Int) -> Float {
    Float((frame &* 7919 &+ place &* 31) % 30_000 + 1)
  }

  private static func fill(_ frame: inout Frame, index: Int) {
    frame.index = index
    for place in frame.samples.indices { frame.samples[place] = sample(index, place) }
  }

  /// The memory that the process holds in bytes.
  private static var residentBytes: Int {
    let fields = try? String(contentsOfFile: "/proc/self/statm", encoding: .utf8).split(
      separator: " ")
    return (fields.flatMap { Int($0[1]) } ?? 0) * 4096
  }

  /// What a sender has sent when it is done.
  private struct Sent: Sendable {
    var frames: Int
    var datagrams: Int
    var lost: Int
  }

  /// Sends frames for some time, and then stops the reader.
  private static func send(
    _ waveform: Waveform = waveform, to port: Int, seconds: Double, speed: Double,
    faults: BadNetwork<TestGenerator>.Faults,
    then stop: @escaping @Sendable () -> Void
  ) -> Sending<Sent> {
    Sending(then: stop) {
      var replay = try Replay(
        waveform, encoding: encoding, to: "127.0.0.1", port: port, speed: speed,
        network: BadNetwork(faults: faults, using: TestGenerator(state: 1)))
      // A frame that is filled anew each time would cost the sender more than sending.
      var frames = (0..<64).map { index in
        var frame = Frame(shape: waveform.shape)
        fill(&frame, index: index)
        return frame
      }
      let count = Int(seconds * speed / waveform.frameInterval)
      for index in 0..<count {
        frames[index % 64].index = index
        try replay.send(frames[index % 64])
      }
      try replay.finish()
      return Sent(
        frames: replay.frames, datagrams: replay.datagrams, lost: replay.network.lost)
    }
  }

  @Test("Every frame is whole, marked or counted, and memory does not grow")
  func accounting() throws {
    var reader = try Self.reader()
    let sending = Self.send(
      to: reader.port, seconds: Self.seconds, speed: Self.speed,
      faults: .init(loss: 0.01, reordering: 0.01, duplication: 0.01), then: reader.stop)
    var frame = Frame(shape: Self.waveform.shape)
    var whole = 0
    var marked = 0
    var wrong = 0
    var handedOut = 0
    var memory: [Int] = []
    let width = Self.waveform.shape.scalarsPerChirp
    while try reader.read(into: &frame) {
      #expect(frame.index == handedOut)
      handedOut += 1
      if frame.damage == 0 { whole += 1 } else { marked += 1 }
      // A few samples of each chirp tell whether all of it is there.
      for chirp in 0..<Self.waveform.shape.chirps where frame.validity[chirp] {
        for offset in [0, 1, width / 2, width - 1] {
          let place = chirp * width + offset
          if frame.samples[place] != Self.sample(frame.index % 64, place) { wrong += 1 }
        }
      }
      if handedOut.isMultiple(of: 100) { memory.append(Self.residentBytes) }
    }
    let sent = try sending.value()
    let reception = reader.reception
    #expect(wrong == 0)
    #expect(handedOut == whole + marked)
    #expect(reception.frames + reception.droppedFrames == sent.frames)
    #expect(whole == reception.frames - reception.damagedFrames - reception.lostFrames)
    #expect(reception.lostBytes > 0 && reception.damagedFrames > 0)
    #expect(reception.packets <= sent.datagrams)
    let isStrayFree = reception.strays == 0 && reception.restarts == 0
    #expect(isStrayFree)
    let growth =
      (memory.dropFirst(memory.count / 4).max() ?? 0)
      - (memory.dropFirst(memory.count / 4).first ?? 0)
    #expect(growth < 16 << 20)
    print(
      "loopback: \(sent.frames) frames sent in \(sent.datagrams) datagrams (\(sent.lost) lost on"
        + " purpose), \(reception.packets) arrived; \(whole) frames whole,"
        + " \(reception.damagedFrames) damaged, \(reception.lostFrames) lost,"
        + " \(reception.droppedFrames) dropped; \(reception.duplicates) duplicates,"
        + " \(reception.reordered) reordered, \(reception.late) late,"
        + " \(reception.lostBytes) bytes lost; memory \(Self.residentBytes >> 20) MB, grew"
        + " \(growth >> 10) kB")
  }

  @Test("A slow consumer loses whole frames, which are counted, and keeps up")
  func slowConsumer() throws {
    var waveform = Self.waveform
    waveform.shape.chirps = 8
    waveform.frameInterval = 5e-3
    var reader = try Self.reader(of: waveform, capacity: 4)
    let sending = Self.send(
      waveform, to: reader.port, seconds: 2, speed: 1, faults: .init(), then: reader.stop)
    var frame = Frame(shape: waveform.shape)
    var received = 0
    var last = -1
    while try reader.read(into: &frame) {
      #expect(frame.index == last + 1)
      last = frame.index
      guard frame.damage < 1 else { continue }
      received += 1
      // Ten times slower than the frames come.
      Thread.sleep(forTimeInterval: 0.05)
    }
    let sent = try sending.value()
    let reception = reader.reception
    #expect(reception.droppedFrames > sent.frames / 2)
    #expect(received == reception.frames)
    #expect(reception.frames + reception.droppedFrames == sent.frames)
  }

  @Test("A port that is taken, or an address of another machine, is refused in a sentence")
  func refusals() throws {
    let reader = try Self.reader()
    let port = reader.port
    #expect(throws: LiveError.self) {
      _ = try Self.reader(port: port)
    }
    #expect(throws: LiveError.self) {
      _ = try Self.reader(address: "192.0.2.1")
    }
  }

  @Test("A stream in which nothing comes ends when it is stopped")
  func silence() throws {
    var reader = try Self.reader()
    let stop = reader.stop
    Thread.detachNewThread {
      Thread.sleep(forTimeInterval: 0.05)
      stop()
    }
    var frame = Frame(shape: Self.waveform.shape)
    #expect(try !reader.read(into: &frame))
    #expect(reader.reception == Reception())
  }
}
