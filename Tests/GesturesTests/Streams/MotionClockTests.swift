import Autodiff
import Foundation
import Gestures
import Radar
import Simulation
import Testing

@Suite("Motion without a rest")
struct MotionClockTests {
  @Test("Motion goes on over moments of rest, and ends with a rest of three tenths of a second")
  func rests() {
    var clock = MotionClock(timeStep: 0.1, level: 20)
    let powers: [Float] = [1, 200, 200, 99, 1, 200, 1, 1, 1, 1, 200, 200]
    #expect(powers.map { clock.append($0) } == [0, 1, 2, 3, 4, 5, 6, 7, 0, 0, 1, 2])
  }

  @Test("A hand that goes to and fro moves all the time, one that pushes after a rest just begins")
  func hands() throws {
    let radar = SimulatedRadar.cw24
    let grid = FeatureGrid(
      timeStep: 0.02, steps: 48, maximumVelocity: 2, velocityBins: 32, quantities: [.power],
      floorLevel: 0)
    let synthesis = EchoSynthesis(waveform: radar.waveform)
    var extractor = FeatureExtractor(grid: grid, waveform: radar.waveform)
    var features = FeatureSequence(grid: grid)
    var frame = Frame(shape: radar.waveform.shape)
    // To and fro for four seconds, five strokes of up to 1.3 m/s in two of them; then a rest of one second,
    // and 25 cm towards the radar in half a second.
    func range(at time: Double) -> Double {
      if time < 4 { return 0.6 + 0.16 * sin(2 * .pi * 1.25 * time) }
      if time < 5 { return 0.6 }
      return 0.6 - 0.125 * (1 - cos(.pi * min((time - 5) / 0.5, 1)))
    }
    var generator = SeededGenerator(seed: 3)
    for index in 0..<Int(6.5 / radar.waveform.frameInterval) {
      frame.index = index
      frame.time = Double(index) * radar.waveform.frameInterval
      synthesis.fill(&frame) { [Scatterer(position: SIMD3(0, 0, range(at: $0)), amplitude: 100)] }
      for sample in frame.samples.indices {
        frame.samples[sample] += Float.random(in: -1...1, using: &generator)
      }
      extractor.append(frame) { features.append($0) }
    }
    let powers = features.movingPowers
    let level = try #require(MotionLimit.level(of: powers))
    let motions = features.motions(above: level)
    func motion(at time: Double) -> Double { motions[Int((time / grid.timeStep).rounded())] }
    #expect(abs(motion(at: 2) - 2) < 0.2 && abs(motion(at: 3.8) - 3.8) < 0.2)
    #expect(motion(at: 4.8) == 0)
    #expect(motion(at: 5.25) > 0.05 && motion(at: 5.25) < 0.35)
    #expect(motion(at: 6.3) == 0)
  }

  @Test("The limit allows what gestures of the data set do, five times as long")
  func limit() throws {
    let motions = (1...100).map { Double($0) / 50 }
    let limit = try #require(MotionLimit(level: 9, motions: motions.reversed(), windowDuration: 1))
    #expect(abs(limit.duration - 5 * 1.96) < 1e-9 && limit.level == 9)
    // Where gestures are hardly seen to move, the network sees three windows of them at least.
    #expect(MotionLimit(level: 9, motions: [0, 0], windowDuration: 1)?.duration == 3)
    #expect(MotionLimit(level: 9, motions: [], windowDuration: 1) == nil)
  }

  @Test("Motion is what lies well above the tenth part that is the most quiet")
  func level() throws {
    let powers = (0..<100).map { Float($0 < 20 ? 10 : 1000) }
    #expect(abs(try #require(MotionLimit.level(of: powers)) - 15) < 1e-4)
    // Lost steps are neither rest nor motion.
    let lost = Array(repeating: Float(0), count: 50) + powers
    #expect(abs(try #require(MotionLimit.level(of: lost)) - 15) < 1e-4)
    #expect(MotionLimit.level(of: [0]) == nil && MotionLimit.level(of: []) == nil)
  }
}
