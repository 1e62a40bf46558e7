import Autodiff
import Gestures
import Networks
import Radar
import RealModule
import Simulation
import Testing

@Suite("Noise floor")
struct NoiseFloorTests {
  /// The powers of noise of unit mean power at 64 velocities, exponentially distributed as those of
  /// complex normal noise are.
  private func noise(power: Float, using generator: inout SeededGenerator) -> [Float] {
    (0..<64).map { _ in
      -power * .log(.random(in: Float.leastNonzeroMagnitude..<1, using: &generator))
    }
  }

  @Test("Noise above what silence was is silence too, at its own level")
  func risenNoise() {
    var generator = SeededGenerator(seed: 1)
    for excess in [10.0, 20, 40] {
      var floor = NoiseFloor(usual: 5)
      for _ in 0..<400 {
        floor.follow(noise(power: .pow(10, Float((5 + excess) / 10)), using: &generator))
      }
      // A tenth of exponentially distributed powers lie below 9.8 dB under their mean.
      let tenth = 5 + excess + 10 * .log10(-Double.log(0.9))
      #expect(abs(floor.silence - max(5, tenth - 3)) < 1.5)
    }
  }

  @Test("Noise lies as far above what counts as noise as ever, however it rises: it does not move")
  func noiseAtRest() {
    var generator = SeededGenerator(seed: 6)
    let usual = 10 * Double.log10(-Double.log(0.9))
    for excess in [0.0, 2, 4, 10, 40] {
      var floor = NoiseFloor(usual: usual)
      var distances: [Double] = []
      for index in 0..<400 {
        let powers = noise(power: .pow(10, Float(excess / 10)), using: &generator)
        floor.follow(powers)
        guard index > 200 else { continue }
        distances.append(10 * .log10(Double(powers.reduce(0, +)) / 64) - floor.noise)
      }
      // Motion lies 5 dB above rest, and a rest is shorter than the shortest of these times.
      #expect(distances.allSatisfy { $0 < -usual + 5 }, "\(excess) dB: \(distances.max() ?? 0)")
      #expect(abs(distances.sorted()[100] + usual) < 2)
    }
  }

  @Test("Noise that a model knows leaves silence as it is")
  func usualNoise() {
    var generator = SeededGenerator(seed: 2)
    let usual = 10 * Double.log10(-Double.log(0.9))
    var floor = NoiseFloor(usual: usual)
    for _ in 0..<400 {
      floor.follow(noise(power: 1, using: &generator))
      #expect(floor.silence == usual)
    }
  }

  @Test("A hand that fills a third of the velocities for a while is not noise")
  func hand() {
    var generator = SeededGenerator(seed: 3)
    let usual = 10 * Double.log10(-Double.log(0.9))
    var floor = NoiseFloor(usual: usual)
    for index in 0..<400 {
      var powers = noise(power: 1, using: &generator)
      if index > 100 { for bin in 21..<42 { powers[bin] += 1e6 } }
      floor.follow(powers)
      // One spectrum alone says little about noise.
      if index > 20 { #expect(floor.silence == usual) }
    }
  }

  @Test("A spectrum of which nothing arrived says nothing about noise")
  func gap() {
    var floor = NoiseFloor(usual: 7)
    floor.follow([Float](repeating: 0, count: 64))
    #expect(floor.silence == 7)
  }

  /// The features of the last step of a second of a hand and noise, both amplified.
  private func features(amplifiedBy gain: Float) -> [Float] {
    let waveform = SimulatedRadar.fmcw60.waveform
    let grid = FeatureGrid(
      timeStep: 0.02, steps: 16, maximumVelocity: 2, velocityBins: 16,
      quantities: [.power, .range],
      floorLevel: 0, levelScale: 20, middleRange: 0.5, rangeScale: 0.5)
    let synthesis = EchoSynthesis(waveform: waveform)
    var extractor = FeatureExtractor(grid: grid, waveform: waveform)
    var generator = SeededGenerator(seed: 4)
    var frame = Frame(shape: waveform.shape)
    var last: [Float] = []
    for index in 0..<Int(1 / waveform.frameInterval) {
      frame.index = index
      frame.time = Double(index) * waveform.frameInterval
      synthesis.fill(&frame) { time in
        [Scatterer(position: SIMD3(0, 0, 0.4 + 0.3 * time), amplitude: 3)]
      }
      let noise = Tensor<Float>.normal(shape: [frame.samples.count], using: &generator).elements
      for place in noise.indices {
        frame.samples[place] = (frame.samples[place] + noise[place]) * gain
      }
      extractor.append(frame) { last = $0.features }
    }
    return last
  }

  @Test("A louder amplifier changes nothing, once noise is above what silence was")
  func amplifier() {
    let (soft, loud) = (features(amplifiedBy: 100), features(amplifiedBy: 1000))
    #expect(soft.contains { $0 > 0.5 })
    #expect(zip(soft, loud).allSatisfy { abs($0 - $1) < 1e-3 })
    // Most of it is noise, which stands little above what counts as silence.
    let levels = stride(from: 0, to: soft.count, by: 2).map { soft[$0] }.sorted()
    #expect(levels[levels.count / 2] < 0.7)
  }
}
