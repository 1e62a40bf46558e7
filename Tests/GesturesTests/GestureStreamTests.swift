import Gestures
import Radar
import Simulation
import Testing

@Suite("Gesture stream")
struct GestureStreamTests {
  /// A person who pushes, waves and taps in front of a 5.8 GHz radar.
  private let simulator = SimulatedDataSet(
    radar: .cw5, gestures: [.push, .wave, .tap], options: SceneOptions(radar: .cw5), seed: 4242)[0]

  private func classifier() throws -> GestureClassifier {
    GestureClassifier(model: try GestureModel.shipped(for: simulator.waveform))
  }

  @Test("The gestures of a simulated person are found where they are")
  func events() throws {
    let events = try classifier().events(in: frames(of: simulator), waveform: simulator.waveform)
    #expect(events.map(\.label) == simulator.annotations.map(\.label))
    for (event, mark) in zip(events, simulator.annotations) {
      #expect(event.start < mark.end && mark.start < event.end)
      #expect(event.prediction.confidence > 0.5 && event.damage == 0)
    }
  }

  @Test("Events do not depend on how the samples were cut", arguments: [1, 7, 31, 32, 100, 4096])
  func cuts(piece: Int) throws {
    let classifier = try classifier()
    let frames = frames(of: simulator)
    let whole = try classifier.events(in: frames, waveform: simulator.waveform)
    let samples = frames.flatMap(\.samples)
    var stream = try classifier.stream(of: simulator.waveform)
    var events: [GestureEvent] = []
    for start in stride(from: 0, to: samples.count, by: piece) {
      events += stream.append(samples[start..<min(start + piece, samples.count)])
    }
    events += stream.finish()
    #expect(!events.isEmpty && events == whole)
    #expect(stream.eventCount == events.count)
  }

  @Test("A judgement of stored features agrees with that of the stream")
  func storedFeatures() throws {
    let classifier = try classifier()
    let recording = LabelledRecording(simulator, name: "person")
    let sequence = try LabelledSequence(recording, grid: classifier.model.grid)
    var evaluation = Evaluation(labels: classifier.model.labels)
    evaluation.judge([sequence], by: classifier.model)
    let events = try classifier.events(in: frames(of: simulator), waveform: simulator.waveform)
    var report = EventReport()
    report.add(events, annotations: simulator.annotations, seconds: evaluation.events.seconds)
    #expect(evaluation.events == report)
    #expect(evaluation.classification.count == 3)
  }

  @Test("A time in which chirps were lost is said to be damaged")
  func damage() throws {
    var damaged = frames(of: simulator)
    let mark = simulator.annotations[1]
    for index in damaged.indices where abs(damaged[index].time - mark.middle) < 0.05 {
      for chirp in damaged[index].validity.indices {
        damaged[index].validity[chirp] = false
        damaged[index].samples[2 * chirp] = 0
        damaged[index].samples[2 * chirp + 1] = 0
      }
    }
    let events = try classifier().events(in: damaged, waveform: simulator.waveform)
    let hit = try #require(events.first { $0.start < mark.end && mark.start < $0.end })
    #expect(hit.damage > 0)
    #expect(events.first?.damage == 0)
  }

  @Test("After a long time of which nothing arrived, gestures are found as before it")
  func longGap() throws {
    let frames = frames(of: simulator)
    let gap = 500
    var all = frames
    for index in frames.count..<frames.count + gap {
      var lost = Frame(shape: simulator.waveform.shape, index: index)
      lost.validity = lost.validity.map { _ in false }
      all.append(lost)
    }
    all += frames
    for index in all.indices {
      all[index].index = index
      all[index].time = Double(index) * simulator.waveform.frameInterval
    }
    let once = try classifier().events(in: frames, waveform: simulator.waveform)
    let twice = try classifier().events(in: all, waveform: simulator.waveform)
    #expect(twice.map(\.label) == once.map(\.label) + once.map(\.label))
    let offset = Double(frames.count + gap) * simulator.waveform.frameInterval
    for (event, other) in zip(twice.suffix(once.count), once) {
      #expect(abs(event.start - other.start - offset) < 0.15)
    }
  }

  @Test("A quiet room has no gestures")
  func silence() throws {
    var stream = try classifier().stream(of: simulator.waveform)
    let count = simulator.waveform.shape.scalarCount
    for _ in 0..<300 {
      let silent = [Float](repeating: 0, count: count)
      #expect(stream.append(silent).isEmpty)
    }
    #expect(stream.finish().isEmpty)
  }
}
