import CAllocationCounter
import Radar
import RealModule
import Spectra
import Testing

@Suite("Range–Doppler processor")
struct RangeDopplerProcessorTests {
  private struct Golden: Decodable {
    struct Case: Decodable {
      var sampleKind: String
      var chirps: Int
      var receivers: Int
      var samplesPerChirp: Int
      var clutterRemoval: String
      var rangeTaper: String
      var dopplerTaper: String
      var rangeLength: Int
      var dopplerLength: Int
      var notch: Int?
      var frames: [[Float]]
      var levels: [Float]

      func shape() throws -> FrameShape {
        FrameShape(
          chirps: chirps, receivers: receivers, samplesPerChirp: samplesPerChirp,
          sampleKind: try #require(FrameShape.SampleKind(rawValue: sampleKind)))
      }

      func configuration() throws -> RangeDopplerConfiguration {
        RangeDopplerConfiguration(
          rangeTaper: try #require(Taper(name: rangeTaper)),
          dopplerTaper: try #require(Taper(name: dopplerTaper)),
          clutterRemoval: try #require(ClutterRemoval(rawValue: clutterRemoval)), notch: notch,
          rangeLength: rangeLength, dopplerLength: dopplerLength)
      }
    }
    var toleranceDecibels: Float
    var cases: [Case]
  }

  private func waveform(_ shape: FrameShape) -> Waveform {
    Waveform(
      ranging: .beat(bandwidth: 4e9), centerFrequency: 60e9, chirpInterval: 400e-6,
      frameInterval: 0.04, shape: shape)
  }

  @Test("Maps of any tapers, lengths and clutter removal agree with NumPy's")
  func golden() throws {
    let golden = try RadarTests.golden("range_doppler", as: Golden.self)
    #expect(golden.cases.count == 21)
    for expected in golden.cases {
      let shape = try expected.shape()
      var processor = RangeDopplerProcessor(
        waveform: waveform(shape), configuration: try expected.configuration())
      var map = processor.emptyMap
      for samples in expected.frames {
        var frame = Frame(shape: shape)
        frame.samples = samples
        processor.process(frame, into: &map)
      }
      #expect(map.levels.count == expected.levels.count)
      let apart = zip(map.levels, expected.levels).map { abs($0 - $1) }.max() ?? .infinity
      #expect(apart <= golden.toleranceDecibels, "\(expected)")
    }
  }

  @Test("The complex spectra of all channels have the power of the map")
  func cube() throws {
    let golden = try RadarTests.golden("range_doppler", as: Golden.self)
    for expected in golden.cases where !expected.clutterRemoval.hasPrefix("background") {
      let shape = try expected.shape()
      var transform = RangeDopplerTransform(
        waveform: waveform(shape), configuration: try expected.configuration())
      var frame = Frame(shape: shape)
      frame.samples = try #require(expected.frames.last)
      transform.transform(frame)
      var power = [Float](repeating: 0, count: expected.levels.count)
      transform.sumPower(into: &power)
      let bins = transform.axes.dopplerBins
      for (cell, level) in expected.levels.enumerated() {
        #expect(abs(decibels(power: power[cell]) - level) <= golden.toleranceDecibels)
        var sum: Float = 0
        for channel in 0..<transform.channels {
          let value = transform.spectrum(
            channel: channel, dopplerBin: cell % bins, rangeBin: cell / bins)
          sum += value.real * value.real + value.imaginary * value.imaginary
        }
        #expect(abs(sum - power[cell]) <= 1e-5 * sum)
      }
    }
  }

  @Test("Integers in any order give the bits of the same floats")
  func integers() throws {
    let golden = try RadarTests.golden("range_doppler", as: Golden.self)
    for expected in golden.cases {
      let shape = try expected.shape()
      var processor = RangeDopplerProcessor(
        waveform: waveform(shape), configuration: try expected.configuration())
      var map = processor.emptyMap
      var other = map
      var frame = Frame(shape: shape)
      frame.samples = expected.frames[0]
      frame.validity[3] = false
      processor.process(frame, into: &map)
      let inTurn = expected.frames[0].map { Int16($0) }
      processor.restart()
      processor.process(inTurn.span, validity: frame.validity.span, into: &other)
      #expect(other.levels == map.levels, "\(expected.clutterRemoval) \(shape)")
      guard shape.sampleKind == .complex, shape.samplesPerChirp.isMultiple(of: 2) else { continue }
      let inPairs = inTurn.indices.map { index in
        inTurn[index & ~3 | (index & 1) << 1 | (index >> 1) & 1]
      }
      processor.restart()
      processor.process(
        inPairs.span, order: .inPairs, validity: frame.validity.span, into: &other)
      #expect(other.levels == map.levels, "\(expected.clutterRemoval) \(shape)")
    }
  }

  @Test("A batch has the bits of its frames one by one, on any number of threads")
  func batch() throws {
    let shape = FrameShape(chirps: 16, receivers: 2, samplesPerChirp: 32, sampleKind: .complex)
    let samples = (0..<7 * shape.scalarCount).map { Int16(($0 * 7919 + 104_729) % 2003 - 1001) }
    var processor = RangeDopplerProcessor(waveform: waveform(shape))
    let expected = (0..<7).map { index in
      var map = processor.emptyMap
      let start = index * shape.scalarCount
      processor.process(
        samples.span.extracting(start..<start + shape.scalarCount), order: .inPairs, into: &map)
      return map
    }
    for threads in [1, 2, 3, 9] {
      var batch = RangeDopplerBatchProcessor(waveform: waveform(shape), threads: threads)
      var maps = Array(repeating: batch.emptyMap, count: 7)
      batch.process(samples.span, order: .inPairs, into: &maps)
      #expect(maps == expected)
    }
  }

  @Test("The turns of transmitters leave no phase on what moves", arguments: [-2.5, 0.7, 3.1])
  func transmitters(velocity: Double) throws {
    let shape = FrameShape(
      chirps: 48, receivers: 2, samplesPerChirp: 16, sampleKind: .complex, transmitters: 3)
    let waveform = waveform(shape)
    var frame = Frame(shape: shape)
    let step = waveform.wavelength / (4 * waveform.chirpInterval * 48)
    for chirp in 0..<shape.chirps {
      let path = 2 * velocity * step * Double(chirp) * waveform.chirpInterval
      for place in 0..<shape.receivers * shape.samplesPerChirp {
        let beat = 3 * Double(place % shape.samplesPerChirp) / 16
        let angle = 2 * Double.pi * (path / waveform.wavelength + beat)
        let index = chirp * shape.scalarsPerChirp + 2 * place
        frame.samples[index] = Float(100 * Double.cos(angle))
        frame.samples[index + 1] = Float(100 * Double.sin(angle))
      }
    }
    var transform = RangeDopplerTransform(
      waveform: waveform,
      configuration: RangeDopplerConfiguration(clutterRemoval: .none, dopplerLength: 160))
    transform.transform(frame)
    #expect(transform.channels == 6)
    let bins = transform.axes.dopplerBins
    func power(_ bin: Int) -> Float {
      let value = transform.spectrum(channel: 0, dopplerBin: bin, rangeBin: 3)
      return value.real * value.real + value.imaginary * value.imaginary
    }
    let peak = try #require((0..<bins).max { power($0) < power($1) })
    #expect(
      abs(transform.axes.velocity(ofDopplerBin: peak) - velocity * step)
        <= transform.axes.velocity(ofDopplerBin: 81))
    let first = transform.spectrum(channel: 0, dopplerBin: peak, rangeBin: 3)
    for channel in 1..<6 {
      let other = transform.spectrum(channel: channel, dopplerBin: peak, rangeBin: 3)
      // The padded grid meets the target within half a bin of 1/160 a turn, twice over two turns.
      let phase = Float.atan2(
        y: other.imaginary * first.real - other.real * first.imaginary,
        x: other.real * first.real + other.imaginary * first.imaginary)
      #expect(abs(phase) < 0.02)
    }
  }

  @Test("A lost chirp leaves the level of the others' echo as it was")
  func lostChirp() {
    let shape = FrameShape(chirps: 16, receivers: 1, samplesPerChirp: 16, sampleKind: .complex)
    let waveform = waveform(shape)
    var whole = Frame(shape: shape)
    // A wave at range bin 3 that does not move.
    for index in 0..<shape.sampleCount {
      let angle = 2 * Float.pi * 3 * Float(index % 16) / 16
      whole.samples[2 * index] = 100 * .cos(angle)
      whole.samples[2 * index + 1] = 100 * .sin(angle)
    }
    var damaged = whole
    damaged.validity[5] = false
    for index in 0..<shape.scalarsPerChirp {
      damaged.samples[5 * shape.scalarsPerChirp + index] = 0
    }
    var processor = RangeDopplerProcessor(waveform: waveform, clutterRemoval: .none)
    var map = RangeDopplerMap(waveform: waveform)
    processor.process(whole, into: &map)
    let level = map[3, 8]
    #expect(map.peak == (3, 8))
    processor.process(damaged, into: &map)
    #expect(abs(map[3, 8] - level) < 1e-3)
    #expect(damaged.damage == 1.0 / 16)
  }

  @Test("A frame is processed without allocating")
  func allocations() {
    let shape = FrameShape(chirps: 32, receivers: 3, samplesPerChirp: 64, sampleKind: .real)
    let waveform = waveform(shape)
    var processor = RangeDopplerProcessor(waveform: waveform)
    var map = RangeDopplerMap(waveform: waveform)
    let frame = Frame(shape: shape)
    processor.process(frame, into: &map)
    let before = allocation_count()
    for _ in 0..<10 { processor.process(frame, into: &map) }
    #expect(allocation_count() - before == 0)
    let samples = [Int16](repeating: 7, count: shape.scalarCount)
    let again = allocation_count()
    for _ in 0..<10 { processor.process(samples.span, into: &map) }
    #expect(allocation_count() - again == 0)
  }

  @Test("A frame of another shape traps")
  func wrongShape() async {
    await #expect(processExitsWith: .failure) {
      let shape = FrameShape(chirps: 4, receivers: 1, samplesPerChirp: 4, sampleKind: .complex)
      let waveform = Waveform(
        ranging: .beat(bandwidth: 4e9), centerFrequency: 60e9, chirpInterval: 400e-6,
        frameInterval: 0.04, shape: shape)
      var processor = RangeDopplerProcessor(waveform: waveform)
      var map = RangeDopplerMap(waveform: waveform)
      var other = shape
      other.receivers = 2
      processor.process(Frame(shape: other), into: &map)
    }
  }
}
