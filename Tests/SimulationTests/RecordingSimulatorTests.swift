import Foundation
import Radar
import Simulation
import Testing

@Suite("Recording simulator")
struct RecordingSimulatorTests {
  private func simulator(
    _ radar: SimulatedRadar = .cw5, _ gestures: [SimulatedGesture], seed: UInt64 = 1,
    snr: Double = 10, distance: Double? = nil
  ) -> RecordingSimulator {
    RecordingSimulator(
      radar: radar, gestures: gestures,
      options: SceneOptions(radar: radar, distance: distance, signalToNoiseRatio: snr), seed: seed)
  }

  private func frames(_ simulator: RecordingSimulator) -> [Frame] {
    var simulator = simulator
    var frame = Frame(shape: simulator.waveform.shape)
    var frames: [Frame] = []
    while simulator.next(into: &frame) { frames.append(frame) }
    return frames
  }

  /// The mean velocity of what moves between two times, weighted by power.
  private func meanVelocity(_ simulator: RecordingSimulator, from start: Double, to end: Double)
    -> Double
  {
    var processor = MotionSpectrumProcessor(waveform: simulator.waveform)
    let velocities = processor.velocities
    var moment = 0.0
    var power = 0.0
    for frame in frames(simulator) {
      processor.append(frame) { spectrum in
        guard (start...end).contains(spectrum.time) else { return }
        for (bin, velocity) in velocities.enumerated() where abs(velocity) > 0.25 {
          moment += Double(spectrum.values[bin]) * velocity
          power += Double(spectrum.values[bin])
        }
      }
    }
    return moment / power
  }

  @Test("A push approaches and a pull recedes, whoever does it", arguments: 1..<6)
  func signs(seed: UInt64) {
    for (gesture, sign) in [(SimulatedGesture.push, -1.0), (.pull, 1)] {
      let simulator = simulator(.cw5, [gesture], seed: seed)
      let mark = simulator.annotations[0]
      #expect(sign * meanVelocity(simulator, from: mark.start, to: mark.end) > 0.2)
    }
  }

  @Test("A swipe moves from one side to the other", arguments: 1..<4)
  func swipes(seed: UInt64) throws {
    for (gesture, sign) in [(SimulatedGesture.swipeRight, 1.0), (.swipeLeft, -1)] {
      let simulator = simulator(.cw24, [gesture], seed: seed)
      var processor = MotionSpectrumProcessor(waveform: simulator.waveform)
      let row = try #require(processor.quantities.firstIndex(of: .horizontal))
      let bins = processor.velocities.count
      let mark = simulator.annotations[0]
      var halves = [0.0, 0.0]
      var powers = [0.0, 0.0]
      for frame in frames(simulator) {
        processor.append(frame) { spectrum in
          guard (mark.start...mark.end).contains(spectrum.time) else { return }
          let half = spectrum.time < mark.middle ? 0 : 1
          for bin in 0..<bins {
            halves[half] += Double(spectrum.values[bin] * spectrum.values[row * bins + bin])
            powers[half] += Double(spectrum.values[bin])
          }
        }
      }
      #expect(sign * (halves[1] / powers[1] - halves[0] / powers[0]) > 0.05)
    }
  }

  @Test("Annotations name the gestures in order and lie inside the recording")
  func annotations() {
    let gestures = SimulatedGesture.allCases
    let simulator = simulator(.pulsed60, gestures)
    #expect(simulator.annotations.map(\.label) == gestures.map(\.rawValue))
    let end = Double(simulator.frameCount) * simulator.waveform.frameInterval
    var last = 0.0
    for mark in simulator.annotations {
      #expect(mark.start > last && mark.end > mark.start && mark.end < end)
      last = mark.end
    }
    #expect(frames(simulator).count == simulator.frameCount)
  }

  @Test("One seed gives one recording, another seed another one")
  func seeds() {
    let one = frames(simulator(.pulsed60, [.tap], seed: 5))
    #expect(frames(simulator(.pulsed60, [.tap], seed: 5)) == one)
    #expect(frames(simulator(.pulsed60, [.tap], seed: 6)) != one)
  }

  @Test("Samples are whole counts within the range of the converter")
  func converter() {
    let near = simulator(.fmcw60, [.tap], distance: 0.05)
    var simulator = near
    var frame = Frame(shape: near.waveform.shape)
    let isThere = simulator.next(into: &frame)
    #expect(isThere)
    #expect(frame.samples.allSatisfy { $0 == $0.rounded() && (0...4095).contains($0) })
    // A hand this close exceeds the range, and is cut off.
    #expect(frame.samples.contains(0) && frame.samples.contains(4095))
  }

  @Test("The noise has the power that was asked for", arguments: [0.0, 10, 20])
  func noise(snr: Double) {
    // The same scene with noise and with hardly any differs by the noise.
    let noisy = frames(simulator(.cw5, [.tap], snr: snr))
    let clean = frames(simulator(.cw5, [.tap], snr: 200))
    var power = 0.0
    var count = 0.0
    for (one, other) in zip(noisy, clean) {
      for (a, b) in zip(one.samples, other.samples) {
        power += Double((a - b) * (a - b))
        count += 0.5
      }
    }
    // A hand has an amplitude of 800 counts at the usual distance.
    let expected = 20 * log10(800) - snr
    #expect(abs(10 * log10(power / count) - expected) < 0.3)
  }

  @Test("Every recording of a data set shows another person, in another order")
  func dataSet() {
    let set = SimulatedDataSet(
      radar: .pulsed60, options: SceneOptions(radar: .pulsed60), seed: 3)
    let orders = (0..<8).map { set[$0].annotations.map(\.label) }
    #expect(Set(orders).count == 8)
    #expect(orders.allSatisfy { $0.sorted() == SimulatedGesture.allCases.map(\.rawValue).sorted() })
    #expect(set[3].annotations == set[3].annotations)
  }

  @Test("Scenes that vary differ, and the people in them do the same")
  func variedScenes() {
    let alike = SimulatedDataSet(
      radar: .cw5, gestures: [.push, .tap], options: SceneOptions(radar: .cw5), seed: 8)
    var varied = alike
    varied.variesScenes = true
    var levels: [Double] = []
    var losses = 0
    for index in 0..<12 {
      #expect(varied[index].annotations == alike[index].annotations)
      let frames = frames(varied[index])
      #expect(frames == self.frames(varied[index]))
      let received = frames.filter { $0.validity[0] }
      losses += received.count < frames.count ? 1 : 0
      // What changes from chirp to chirp is noise; it is never the same.
      let steps = received.flatMap { zip($0.samples, $0.samples.dropFirst(2)).map(-) }
      let power = steps.map { Double($0 * $0) }.reduce(0, +) / Double(steps.count)
      levels.append(10 * log10(power))
    }
    #expect((3...9).contains(losses))
    let spread = (levels.max() ?? 0) - (levels.min() ?? 0)
    #expect(spread > 5 && Set(levels).count == 12)
  }
}
