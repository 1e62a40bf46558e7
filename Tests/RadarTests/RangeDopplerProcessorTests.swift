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
      var clutterRemoval: String
      var frame: [Float]
      var levels: [Float]
    }
    var toleranceDecibels: Float
    var chirps: Int
    var receivers: Int
    var samplesPerChirp: Int
    var cases: [Case]
  }

  private func waveform(_ shape: FrameShape) -> Waveform {
    Waveform(
      ranging: .beat(bandwidth: 4e9), centerFrequency: 60e9, chirpInterval: 400e-6,
      frameInterval: 0.04, shape: shape)
  }

  @Test("Maps agree with NumPy's")
  func golden() throws {
    let golden = try RadarTests.golden("range_doppler", as: Golden.self)
    #expect(golden.cases.count == 4)
    for expected in golden.cases {
      let shape = FrameShape(
        chirps: golden.chirps, receivers: golden.receivers,
        samplesPerChirp: golden.samplesPerChirp,
        sampleKind: try #require(FrameShape.SampleKind(rawValue: expected.sampleKind)))
      let waveform = waveform(shape)
      var processor = RangeDopplerProcessor(
        waveform: waveform,
        clutterRemoval: try #require(ClutterRemoval(rawValue: expected.clutterRemoval)))
      var frame = Frame(shape: shape)
      frame.samples = expected.frame
      var map = RangeDopplerMap(waveform: waveform)
      processor.process(frame, into: &map)
      #expect(map.levels.count == expected.levels.count)
      for (level, other) in zip(map.levels, expected.levels) {
        #expect(abs(level - other) <= golden.toleranceDecibels)
      }
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
    let allocations = allocation_count() - before
    #expect(allocations == 0)
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
