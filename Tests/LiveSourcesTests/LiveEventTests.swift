import Foundation
import Gestures
import LiveSources
import Radar
import Recordings
import Simulation
import Synchronization
import Testing

@Suite("Gestures over loopback", .serialized)
struct LiveEventTests {
  /// A person before a radar, and what is found in the recording of it.
  private struct Scene {
    let waveform: Waveform
    let encoding: SampleEncoding
    let frames: [Frame]
    let classifier: GestureClassifier
    let events: [GestureEvent]

    /// How many frames each event needs to be sure.
    let deciding: [Int]

    init(_ radar: SimulatedRadar) throws {
      waveform = radar.waveform
      encoding = SampleEncoding(datatype: Datatype(waveform.shape.sampleKind, .i16))
      var simulator = SimulatedDataSet(
        radar: radar, gestures: [.push, .wave, .tap], options: SceneOptions(radar: radar),
        seed: 4242)[0]
      var frame = Frame(shape: waveform.shape)
      var frames: [Frame] = []
      while simulator.next(into: &frame) { frames.append(frame) }
      classifier = GestureClassifier(model: try .shipped(for: waveform))
      var stream = try classifier.stream(of: waveform)
      var events: [GestureEvent] = []
      var deciding: [Int] = []
      for frame in frames {
        let sure = stream.append(frame)
        events += sure
        deciding += sure.map { _ in frame.index }
      }
      self.events = events + stream.finish()
      self.deciding = deciding
      self.frames = frames
    }
  }

  /// When each frame was sent.
  private final class Clock: Sendable {
    private let instants = Mutex<[ContinuousClock.Instant]>([])
    func note() { instants.withLock { $0.append(.now) } }
    var times: [ContinuousClock.Instant] { instants.withLock { $0 } }
  }

  private func send(
    _ scene: Scene, to port: Int, speed: Double, faults: BadNetwork<TestGenerator>.Faults,
    clock: Clock, then stop: @escaping @Sendable () -> Void
  ) -> Sending<Void> {
    let (waveform, encoding, frames) = (scene.waveform, scene.encoding, scene.frames)
    return Sending(then: stop) {
      var replay = try Replay(
        waveform, encoding: encoding, to: "127.0.0.1", port: port, speed: speed,
        network: BadNetwork(faults: faults, using: TestGenerator(state: 5)))
      for frame in frames {
        try replay.send(frame)
        clock.note()
      }
      try replay.finish()
    }
  }

  @Test("are those of the file, and come at once", arguments: [SimulatedRadar.cw5, .cw24])
  func sameEvents(radar: SimulatedRadar) throws {
    let scene = try Scene(radar)
    #expect(scene.events.count == 3)
    var reader = try LiveReader(
      address: "127.0.0.1", port: 0, waveform: scene.waveform, encoding: scene.encoding,
      capacity: 1000)
    let clock = Clock()
    let sending = send(
      scene, to: reader.port, speed: 2, faults: .init(duplication: 0.05),
      clock: clock, then: reader.stop)
    var stream = try scene.classifier.stream(of: scene.waveform)
    var frame = Frame(shape: scene.waveform.shape)
    var events: [GestureEvent] = []
    var times: [ContinuousClock.Instant] = []
    while try reader.read(into: &frame) {
      let sure = stream.append(frame)
      times += sure.map { _ in .now }
      events += sure
    }
    events += stream.finish()
    try sending.value()
    #expect(events == scene.events)
    #expect(reader.reception.frames == scene.frames.count && !reader.reception.isDamaged)

    // A frame is complete when the packet with its last byte is: the card fills packets up.
    let sent = clock.times
    let payload = Double(DatagramEncoder.usualPayload)
    let bytes = Double(scene.waveform.shape.scalarCount * 2)
    let latencies = zip(times, scene.deciding).map { time, index in
      let carrier = Int((Double(index + 1) * bytes / payload).rounded(.up) * payload / bytes)
      return (time - sent[min(carrier, sent.count - 1)]) / .milliseconds(1)
    }
    print("latency of \(radar): \(latencies.map { "\(Int($0.rounded())) ms" })")
    #expect(latencies.allSatisfy { $0 < 1000 })
  }

  @Test("do not change if packets overtake each other")
  func reordering() throws {
    let scene = try Scene(.cw24)
    var reader = try LiveReader(
      address: "127.0.0.1", port: 0, waveform: scene.waveform, encoding: scene.encoding,
      capacity: 1000, patience: .seconds(10))
    let sending = send(
      scene, to: reader.port, speed: 20, faults: .init(reordering: 0.1, duplication: 0.1),
      clock: Clock(), then: reader.stop)
    var stream = try scene.classifier.stream(of: scene.waveform)
    var frame = Frame(shape: scene.waveform.shape)
    var events: [GestureEvent] = []
    while try reader.read(into: &frame) { events += stream.append(frame) }
    events += stream.finish()
    try sending.value()
    #expect(events == scene.events)
    #expect(reader.reception.reordered > 0 && reader.reception.lostBytes == 0)
  }

  @Test("over damaged time say so, and are still found", arguments: [SimulatedRadar.cw24])
  func damage(radar: SimulatedRadar) throws {
    let scene = try Scene(radar)
    var reader = try LiveReader(
      address: "127.0.0.1", port: 0, waveform: scene.waveform, encoding: scene.encoding,
      capacity: 1000)
    let sending = send(
      scene, to: reader.port, speed: 4, faults: .init(loss: 0.05), clock: Clock(),
      then: reader.stop)
    var stream = try scene.classifier.stream(of: scene.waveform)
    var frame = Frame(shape: scene.waveform.shape)
    var events: [GestureEvent] = []
    while try reader.read(into: &frame) { events += stream.append(frame) }
    events += stream.finish()
    try sending.value()
    #expect(events.map(\.label) == scene.events.map(\.label))
    #expect(events.contains { $0.damage > 0 })
    #expect(events.allSatisfy { $0.damage < 0.3 })
    #expect(reader.reception.lostChirps > 0)
  }
}
