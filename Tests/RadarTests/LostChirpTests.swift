import Radar
import RealModule
import Spectra
import Testing

@Suite("Lost chirps")
struct LostChirpTests {
  private static let chirps = 64

  private static let swept = Waveform(
    ranging: .beat(bandwidth: 4e9), centerFrequency: 60e9, chirpInterval: 400e-6,
    frameInterval: 0.04,
    shape: FrameShape(chirps: chirps, receivers: 2, samplesPerChirp: 16, sampleKind: .complex))

  /// A wall 60 dB above a hand, the wall at range bin 3, the hand at bin 9 and a velocity of so many
  /// Doppler bins.
  private static func frame(_ waveform: Waveform, velocity: Int) -> Frame {
    let shape = waveform.shape
    var frame = Frame(shape: shape)
    for chirp in 0..<shape.chirps {
      for place in 0..<shape.receivers * shape.samplesPerChirp {
        let sample = Double(place % shape.samplesPerChirp) / Double(shape.samplesPerChirp)
        let wall = 2 * Double.pi * 3 * sample
        let hand = 2 * Double.pi * (9 * sample + Double(velocity * chirp) / Double(chirps))
        let index = 2 * (chirp * shape.receivers * shape.samplesPerChirp + place)
        frame.samples[index] = Float(10_000 * Double.cos(wall) + 10 * Double.cos(hand))
        frame.samples[index + 1] = Float(10_000 * Double.sin(wall) + 10 * Double.sin(hand))
      }
    }
    return frame
  }

  /// `frame` without some chirps, once marked as such and once just filled with zeros.
  private static func damaged(_ frame: Frame, lost: [Int]) -> (marked: Frame, filled: Frame) {
    var filled = frame
    var marked = frame
    let width = frame.shape.scalarsPerChirp
    for chirp in lost {
      for index in 0..<width { filled.samples[chirp * width + index] = 0 }
      marked.validity[chirp] = false
    }
    marked.samples = filled.samples
    return (marked, filled)
  }

  /// Packets take neighbouring chirps with them.
  private static let losses: [[Int]] = [
    [31], [0, 1, 2, 3], [20, 21, 22, 23, 24], [10, 11, 12, 40, 41, 42],
    Array(28..<36), [5, 6, 7, 8, 9, 30, 31, 32, 33, 34, 50, 51, 52, 53, 54],
  ]

  @Test("The level and the place of a hand stay", arguments: losses, [-20, -7, 6, 15, 28])
  func level(lost: [Int], velocity: Int) {
    let whole = Self.frame(Self.swept, velocity: velocity)
    let (marked, filled) = Self.damaged(whole, lost: lost)
    var processor = RangeDopplerProcessor(waveform: Self.swept)
    var maps = [whole, marked, filled].map { frame in
      var map = RangeDopplerMap(waveform: Self.swept)
      processor.process(frame, into: &map)
      return map
    }
    let zero = Self.chirps / 2
    #expect(maps[0].peak == (9, zero + velocity))
    #expect(maps[1].peak == (9, zero + velocity))
    #expect(abs(maps[1][9, zero + velocity] - maps[0][9, zero + velocity]) < 0.5)
    #expect(maps[1].damage == Double(lost.count) / 64 && maps[0].damage == 0)
    // Zeros are a step in the wall's echo, which drowns the hand.
    #expect(maps[2].peak.rangeBin == 3)
    let wall = (0..<64).map { (marked: maps[1][3, $0], filled: maps[2][3, $0]) }
    #expect(wall.map(\.filled).max() ?? 0 > maps[0][9, zero + velocity])
    #expect(wall.map(\.marked).max() ?? 0 < maps[0][9, zero + velocity] - 40)
    maps.removeAll()
  }

  @Test("A hand smears no further than the weight of what was lost", arguments: losses)
  func smear(lost: [Int]) {
    let velocity = 12
    let (marked, _) = Self.damaged(Self.frame(Self.swept, velocity: velocity), lost: lost)
    var processor = RangeDopplerProcessor(waveform: Self.swept)
    var map = RangeDopplerMap(waveform: Self.swept)
    processor.process(marked, into: &map)
    let weights = Taper(.hann).weights(count: Self.chirps)
    let lostWeight = lost.reduce(Float(0)) { $0 + weights[$1] }
    let bound = 20 * Float.log10(max(lostWeight / (weights.reduce(0, +) - lostWeight), 1e-5))
    let peak = Self.chirps / 2 + velocity
    let level = map[9, peak]
    for bin in 0..<Self.chirps where abs(bin - peak) > 2 && bin != Self.chirps / 2 {
      // At zero velocity the mean takes part of the hand with it.
      guard abs(bin - Self.chirps / 2) > 2 else { continue }
      #expect(map[9, bin] - level <= max(bound, -100) + 1)
    }
  }

  @Test(
    "Without clutter removal an echo that stands still is as sharp as before", arguments: losses)
  func standing(lost: [Int]) {
    let whole = Self.frame(Self.swept, velocity: 9)
    let (marked, _) = Self.damaged(whole, lost: lost)
    var processor = RangeDopplerProcessor(waveform: Self.swept, clutterRemoval: .none)
    var map = RangeDopplerMap(waveform: Self.swept)
    processor.process(whole, into: &map)
    let expected = map
    processor.process(marked, into: &map)
    #expect(abs(map[3, 32] - expected[3, 32]) < 0.1)
    for bin in 0..<64 where abs(bin - 32) > 2 { #expect(map[3, bin] < map[3, 32] - 90) }
  }

  @Test("Motion spectra keep level, range and direction", arguments: losses)
  func motionSpectra(lost: [Int]) throws {
    let whole = Self.frame(Self.swept, velocity: 12)
    let (marked, _) = Self.damaged(whole, lost: lost)
    var processor = MotionSpectrumProcessor(waveform: Self.swept)
    let rows = processor.quantities.count
    var spectra: [MotionSpectrum] = []
    processor.append(whole) { spectra.append($0) }
    processor.append(marked) { spectra.append($0) }
    let bin = 32 + 12
    for row in 0..<rows {
      let (before, after) = (spectra[0].values[row * 64 + bin], spectra[1].values[row * 64 + bin])
      let tolerance: Float = processor.quantities[row] == .power ? before * 0.12 : 0.005
      #expect(abs(before - after) <= tolerance)
    }
    #expect(spectra[1].damage == Double(lost.count) / 64)
  }

  @Test("Nothing is said of a frame of which next to nothing arrived")
  func silence() {
    let whole = Self.frame(Self.swept, velocity: 12)
    for left in [[], [0], [63], [0, 1, 2, 62, 63]] {
      let lost = (0..<64).filter { !left.contains($0) }
      for removal in [ClutterRemoval.none, .mean] {
        let (marked, _) = Self.damaged(whole, lost: lost)
        var transform = RangeDopplerTransform(waveform: Self.swept, clutterRemoval: removal)
        transform.transform(marked)
        var power = [Float](repeating: 1, count: 16 * 64)
        transform.sumPower(into: &power)
        #expect(power.allSatisfy { $0 == 0 })
      }
    }
  }

  // MARK: - Continuous waves

  /// A continuous wave of a strong offset and a hand at so many bins of a window of 128.
  private static func wave(velocity: Int, lost: Range<Int>) -> (marked: [Frame], filled: [Frame]) {
    let waveform = continuous
    var marked: [Frame] = []
    var filled: [Frame] = []
    for index in 0..<40 {
      var frame = Frame(
        shape: waveform.shape, index: index, time: Double(index) * waveform.frameInterval)
      for chirp in 0..<16 {
        let sample = index * 16 + chirp
        let isLost = lost.contains(sample)
        let angle = 2 * Double.pi * Double(velocity * sample) / 128
        frame.samples[2 * chirp] = isLost ? 0 : Float(3000 + 10 * Double.cos(angle))
        frame.samples[2 * chirp + 1] = isLost ? 0 : Float(-5000 + 10 * Double.sin(angle))
        frame.validity[chirp] = !isLost
      }
      marked.append(frame)
      frame.validity = Array(repeating: true, count: 16)
      filled.append(frame)
    }
    return (marked, filled)
  }

  private static let continuous = Waveform(
    ranging: .none, centerFrequency: 24e9, chirpInterval: 1e-3, frameInterval: 0.016,
    shape: FrameShape(chirps: 16, receivers: 1, samplesPerChirp: 1, sampleKind: .complex))

  @Test(
    "In a continuous wave as well", arguments: [300..<310, 290..<320, 256..<306], [-30, 11, 45])
  func continuous(lost: Range<Int>, velocity: Int) throws {
    func spectra(_ frames: [Frame]) -> [MotionSpectrum] {
      var processor = MotionSpectrumProcessor(waveform: Self.continuous)
      var spectra: [MotionSpectrum] = []
      for frame in frames { processor.append(frame) { spectra.append($0) } }
      return spectra
    }
    let (marked, filled) = Self.wave(velocity: velocity, lost: lost)
    let whole = spectra(Self.wave(velocity: velocity, lost: 0..<0).marked)
    let found = spectra(marked)
    #expect(whole.count == found.count && whole.map(\.time) == found.map(\.time))
    for (spectrum, other) in zip(found, whole) {
      let start = Int((spectrum.time / 1e-3).rounded()) - 64
      let overlap = lost.clamped(to: start..<start + 128).count
      #expect(abs(spectrum.damage - Double(overlap) / 128) < 1e-12)
      if overlap == 0 {
        #expect(spectrum == other)
      } else {
        let peak = spectrum.values.indices.max { spectrum.values[$0] < spectrum.values[$1] }
        #expect(peak == 64 + velocity)
        #expect(
          abs(10 * Float.log10(spectrum.values[64 + velocity] / other.values[64 + velocity])) < 0.5)
      }
    }
    // Zeros are a step in the offset, which drowns the hand.
    let drowned = spectra(filled).filter {
      $0.values.max() ?? 0 > 10 * (whole[0].values.max() ?? 0)
    }
    #expect(drowned.count >= 4)
  }

  @Test("Rows of a spectrogram keep the level and place of a hand")
  func spectrogram() throws {
    let lost = 300..<316
    for removesMean in [true, false] {
      var spectrograms: [Spectrogram] = []
      for range in [0..<0, lost] {
        var processor = SpectrogramProcessor(
          waveform: Self.continuous, window: 128, hop: 16, removesMean: removesMean)
        var spectrogram = processor.empty
        for frame in Self.wave(velocity: 20, lost: range).marked {
          processor.append(frame, to: &spectrogram)
        }
        spectrograms.append(spectrogram)
      }
      let (whole, found) = (spectrograms[0], spectrograms[1])
      #expect(found.times == whole.times && whole.damages.allSatisfy { $0 == 0 })
      #expect(found.damages.max() == 0.125)
      for row in found.times.indices {
        #expect(abs(found[row, 84] - whole[row, 84]) < 1)
        if !removesMean { #expect(abs(found[row, 64] - whole[row, 64]) < 0.1) }
        // Far from both, the step would stand 40 dB above the hand.
        #expect(found[row, 10] < found[row, 84] - 10)
      }
    }
  }
}
