import CAllocationCounter
import Radar
import RealModule
import Spectra
import Testing

/// Frames of the shapes that have kernels of their own, held to what FFTW makes of them.
@Suite("Frames of the usual shapes")
struct UsualFrameTests {
  private func waveform(
    chirps: Int, receivers: Int, samples: Int, transmitters: Int = 1
  ) -> Waveform {
    Waveform(
      ranging: .beat(bandwidth: 4e9), centerFrequency: 77e9, chirpInterval: 1e-4,
      frameInterval: 0.05,
      shape: FrameShape(
        chirps: chirps * transmitters, receivers: receivers, samplesPerChirp: samples,
        sampleKind: .complex, transmitters: transmitters))
  }

  /// Noise, a strong echo that stands still, and a weak one that moves.
  private func samples(_ waveform: Waveform, seed: UInt64) -> [Int16] {
    let shape = waveform.shape
    var generator = TestGenerator(seed: seed)
    return (0..<shape.scalarCount / 2).flatMap { index -> [Int16] in
      let chirp = index / (shape.samplesPerChirp * shape.receivers)
      let beat = 0.11 * Double(index % shape.samplesPerChirp)
      let (real, imaginary) = generator.normals()
      let moving = 2 * Double.pi * (2.7 * beat + 0.23 * Double(chirp))
      let still = 2 * Double.pi * beat
      return [
        Int16(20 * real + 4000 * .cos(still) + 100 * .cos(moving)),
        Int16(20 * imaginary + 4000 * .sin(still) + 100 * .sin(moving)),
      ]
    }
  }

  private func inPairs(_ samples: [Int16]) -> [Int16] {
    samples.indices.map { samples[$0 & ~3 | ($0 & 1) << 1 | ($0 >> 1) & 1] }
  }

  /// How far the levels of a map are from those of the complex spectra of FFTW, in decibels, where
  /// power is more than the rounding of the strongest cell.
  private func deviation(
    _ frame: Frame, _ waveform: Waveform, _ configuration: RangeDopplerConfiguration
  ) -> Float {
    var processor = RangeDopplerProcessor(waveform: waveform, configuration: configuration)
    var transform = RangeDopplerTransform(waveform: waveform, configuration: configuration)
    var map = processor.emptyMap
    processor.process(frame, into: &map)
    transform.transform(frame)
    var power = [Float](repeating: 0, count: map.levels.count)
    transform.sumPower(into: &power)
    let strongest = power.max() ?? 0
    return zip(map.levels, power).map { level, power in
      power > 1e-9 * strongest ? abs(level - decibels(power: power)) : 0
    }.max() ?? .infinity
  }

  @Test(
    "Have the levels of FFTW's spectra, whatever their size",
    arguments: [64, 128, 256], [16, 32, 64, 128, 256])
  func sizes(samples: Int, chirps: Int) {
    let waveform = waveform(chirps: chirps, receivers: 3, samples: samples)
    var frame = Frame(shape: waveform.shape)
    frame.samples = self.samples(waveform, seed: UInt64(samples + chirps)).map { Float($0) }
    #expect(deviation(frame, waveform, RangeDopplerConfiguration()) < 0.02)
  }

  @Test(
    "Have them with any clutter removal, and with lost chirps",
    arguments: [
      ClutterRemoval.none, .mean, .twoPulse, .threePulse, .background(rate: 0.1),
    ])
  func clutter(removal: ClutterRemoval) {
    let waveform = waveform(chirps: 32, receivers: 2, samples: 64, transmitters: 2)
    var frame = Frame(shape: waveform.shape)
    frame.samples = samples(waveform, seed: 5).map { Float($0) }
    let configuration = RangeDopplerConfiguration(
      rangeTaper: Taper(.kaiser(beta: 5)), dopplerTaper: Taper(.hamming), clutterRemoval: removal)
    #expect(deviation(frame, waveform, configuration) < 0.02)
    for chirp in [0, 7, 30, 31, 32, 50] {
      frame.validity[chirp] = false
      for index in 0..<waveform.shape.scalarsPerChirp {
        frame.samples[chirp * waveform.shape.scalarsPerChirp + index] = 0
      }
    }
    #expect(deviation(frame, waveform, configuration) < 0.02)
    for chirp in frame.validity.indices { frame.validity[chirp] = false }
    var processor = RangeDopplerProcessor(waveform: waveform, configuration: configuration)
    var map = processor.emptyMap
    processor.process(frame, into: &map)
    #expect(map.damage == 1 && map.levels.allSatisfy { $0 == -200 })
  }

  @Test("Have the same bits on every run, as integers of any order and as floats")
  func bits() {
    let waveform = waveform(chirps: 64, receivers: 4, samples: 64)
    let inTurn = samples(waveform, seed: 9)
    var frame = Frame(shape: waveform.shape)
    frame.samples = inTurn.map { Float($0) }
    var expected: [Float]?
    for _ in 0..<3 {
      var processor = RangeDopplerProcessor(waveform: waveform)
      var map = processor.emptyMap
      processor.process(frame, into: &map)
      let levels = expected ?? map.levels
      expected = levels
      #expect(map.levels == levels)
      processor.process(inTurn.span, into: &map)
      #expect(map.levels == levels)
      processor.process(inPairs(inTurn).span, order: .inPairs, into: &map)
      #expect(map.levels == levels)
    }
  }

  @Test(
    "Become maps without an allocation: from int16 to decibels, with any clutter removal",
    arguments: [64, 48],
    [ClutterRemoval.none, .mean, .twoPulse, .threePulse, .background(rate: 0.1)])
  func allocations(samples: Int, removal: ClutterRemoval) {
    let waveform = waveform(chirps: 64, receivers: 4, samples: samples)
    var processor = RangeDopplerProcessor(waveform: waveform, clutterRemoval: removal)
    var map = processor.emptyMap
    let numbers = self.samples(waveform, seed: 1)
    processor.process(numbers.span, order: .inPairs, into: &map)
    let before = allocation_count()
    for _ in 0..<5 { processor.process(numbers.span, order: .inPairs, into: &map) }
    #expect(allocation_count() - before == 0)
  }
}
