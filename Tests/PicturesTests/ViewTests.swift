import Pictures
import Radar
import RealModule
import Simulation
import Spectra
import Testing

@Suite("A view")
struct ViewTests {
  struct Golden: Decodable {
    struct Case: Decodable {
      var view: String
      var taper: String
      var removesMean: Bool
      var sampleKind: String
      var isContinuous: Bool
      var receiver: Int?
      var window: Int?
      var hop: Int?
      var levels: [Float]
    }

    var toleranceDecibels: Float
    var chirps: Int
    var receivers: Int
    var samplesPerChirp: Int
    var frames: [String: [[Float]]]
    var cases: [Case]
  }

  @Test("Has the levels that NumPy and SciPy compute, with every option")
  func goldens() throws {
    let golden = try golden("views", as: Golden.self)
    for one in golden.cases {
      let kind = try #require(FrameShape.SampleKind(rawValue: one.sampleKind))
      let waveform = Waveform(
        ranging: .beat(bandwidth: 1e9), centerFrequency: 60e9, chirpInterval: 1e-3,
        frameInterval: (one.isContinuous ? 1 : 3) * 1e-3 * Double(golden.chirps),
        shape: FrameShape(
          chirps: golden.chirps, receivers: golden.receivers,
          samplesPerChirp: golden.samplesPerChirp, sampleKind: kind))
      var settings = ViewSettings(view: try #require(RecordingView(rawValue: one.view)))
      settings.taper = try #require(Taper(name: one.taper))
      settings.removesMean = one.removesMean
      settings.receiver = one.receiver
      settings.window = one.window
      settings.hop = one.hop
      var processor = try ViewProcessor(waveform: waveform, settings: settings)
      var levels: [Float] = []
      for (index, samples) in try #require(golden.frames[one.sampleKind]).enumerated() {
        var frame = Frame(
          shape: waveform.shape, index: index, time: Double(index) * waveform.frameInterval)
        frame.samples = samples
        processor.append(frame) { levels += $0.levels }
      }
      #expect(levels.count == one.levels.count)
      // What stands still is removed but for rounding: levels far below the others are noise.
      let floor = (one.levels.max() ?? 0) - 90
      let errors = zip(levels, one.levels).map { abs(max($0, floor) - max($1, floor)) }
      #expect(try #require(errors.max()) <= golden.toleranceDecibels, "\(one.view) \(one.taper)")
    }
  }

  /// The levels of the first frame, in which a hand stands at `position` and recedes at 1 m/s.
  private func levels(
    _ radar: SimulatedRadar, view: RecordingView, position: SIMD3<Double>
  ) throws -> (levels: [Float], axes: [PictureAxis]) {
    var settings = ViewSettings(view: view)
    settings.removesMean = true
    var processor = try ViewProcessor(waveform: radar.waveform, settings: settings)
    var frame = Frame(shape: radar.waveform.shape)
    let direction = position / (position * position).sum().squareRoot()
    EchoSynthesis(waveform: radar.waveform).fill(&frame) { time in
      [Scatterer(position: position + time * direction, amplitude: 200)]
    }
    var levels: [Float] = []
    processor.append(frame) { levels += $0.levels }
    return (levels, processor.axes)
  }

  @Test(
    "Over time shows a hand where it is",
    arguments: [SIMD3(0.3, 0, 0.6), SIMD3(-0.2, 0, 0.7), SIMD3(0, 0, 0.4)])
  func places(position: SIMD3<Double>) throws {
    for radar in [SimulatedRadar.fmcw60, .fmcw77] {
      let range = try levels(radar, view: .rangeTime, position: position)
      let nearest = try #require(range.levels.indices.max { range.levels[$0] < range.levels[$1] })
      let distance = (position * position).sum().squareRoot()
      #expect(abs(range.axes[0].value(at: nearest) - distance) <= 0.05)

      let angle = try levels(radar, view: .angleTime, position: position)
      let towards = try #require(angle.levels.indices.max { angle.levels[$0] < angle.levels[$1] })
      let degrees = Double.atan2(y: position.x, x: position.z) * 180 / .pi
      #expect(abs(angle.axes[0].value(at: towards) - degrees) <= 2)
    }
  }

  @Test("Of all receivers is the sum of those of each")
  func receivers() throws {
    let radar = SimulatedRadar.fmcw60
    var simulator = RecordingSimulator(
      radar: radar, gestures: [.push], options: SceneOptions(radar: radar), seed: 3)
    var frame = Frame(shape: radar.waveform.shape)
    let isThere = simulator.next(into: &frame)
    #expect(isThere)
    func powers(_ view: RecordingView, _ receiver: Int?) throws -> [Float] {
      var settings = ViewSettings(view: view)
      settings.receiver = receiver
      settings.window = view == .spectrogram ? 16 : nil
      var processor = try ViewProcessor(waveform: radar.waveform, settings: settings)
      var powers: [Float] = []
      processor.append(frame) { powers += $0.levels.map { Float.exp10($0 / 10) } }
      return powers
    }
    for view in [RecordingView.rangeDoppler, .spectrogram, .rangeTime] {
      let whole = try powers(view, nil)
      let parts = try (0..<3).map { try powers(view, $0) }
      for index in whole.indices {
        let sum = parts.reduce(0) { $0 + $1[index] }
        #expect(abs(sum - whole[index]) <= 1e-3 * whole[index])
      }
    }
  }

  @Test("Over velocity has the chirps of all transmitters, each at its own pace")
  func transmitters() throws {
    let shape = FrameShape(
      chirps: 16, receivers: 2, samplesPerChirp: 8, sampleKind: .complex, transmitters: 2)
    let waveform = Waveform(
      ranging: .beat(bandwidth: 1e9), centerFrequency: 60e9, chirpInterval: 1e-3,
      frameInterval: 0.1, shape: shape)
    var frame = Frame(shape: shape)
    // To the first receiver the echo of the first transmitter turns once in four of its chirps, that
    // of the second once in eight and three decibels weaker; the second receiver hears half of each.
    for chirp in 0..<16 {
      let isFirst = chirp.isMultiple(of: 2)
      let phase = Float(chirp / 2) * .pi / (isFirst ? 2 : 4)
      for place in 0..<16 {
        let amplitude: Float = (isFirst ? 100 : 100 * Float(0.5).squareRoot()) / (place < 8 ? 1 : 2)
        frame.samples[2 * (16 * chirp + place)] = amplitude * .cos(phase)
        frame.samples[2 * (16 * chirp + place) + 1] = amplitude * .sin(phase)
      }
    }
    func levels(receiver: Int?) throws -> [Float] {
      var settings = ViewSettings(view: .spectrogram)
      settings.receiver = receiver
      settings.taper = Taper(.rectangular)
      var processor = try ViewProcessor(waveform: waveform, settings: settings)
      let velocity = processor.axes[0].value(at: 6)
      // A quarter of a turn in 2 ms, and half a wavelength a turn.
      #expect(abs(velocity - waveform.wavelength / 2 / 8e-3) < 1e-9)
      var pieces: [ViewProcessor.Piece] = []
      processor.append(frame) { pieces.append($0) }
      #expect(pieces.count == 1)
      return try #require(pieces.first).levels
    }
    let all = try levels(receiver: nil)
    #expect(all.count == 8)
    let order = all.indices.sorted { all[$0] > all[$1] }
    #expect(order.prefix(2) == [4 + 2, 4 + 1])
    #expect(abs(all[6] - all[5] - 3.01) < 0.01 && all[6] - all[order[2]] > 60)
    let second = try levels(receiver: 1)
    #expect(abs(all[6] - second[6] - 10 * .log10(5)) < 0.01)

    // A round of which one chirp was lost says nothing.
    let whole = all
    for index in 0..<shape.scalarsPerChirp { frame.samples[5 * shape.scalarsPerChirp + index] = 0 }
    frame.validity[5] = false
    let damaged = try levels(receiver: nil)
    #expect(abs(damaged[6] - whole[6]) < 1.5)
  }

  @Test("Over velocity ends with the last sample of a continuous wave, and bridges a gap within")
  func end() throws {
    let waveform = SimulatedRadar.cw5.waveform
    var settings = ViewSettings(view: .spectrogram)
    (settings.window, settings.hop) = (8, 4)
    var processor = try ViewProcessor(waveform: waveform, settings: settings)
    var counts: [Int] = []
    // The second frame lost its last ten of sixteen chirps, the third its last five.
    for (index, lost) in [0, 10, 5].enumerated() {
      var frame = Frame(shape: waveform.shape, index: index, time: 0.016 * Double(index))
      for chirp in 16 - lost..<16 { frame.validity[chirp] = false }
      var count = 0
      processor.append(frame) { _ in count += 1 }
      counts.append(count)
    }
    // Windows end with chirps 8, 12, 16; 20, and later 24 … 32; 36, 40, but not 44 and 48 of 43.
    #expect(counts == [3, 1, 5])
  }

  @Test("Is refused, with the numbers, where the radar does not measure it")
  func refusals() throws {
    func refusal(_ radar: SimulatedRadar, _ edit: (inout ViewSettings) -> Void) -> String {
      var settings = ViewSettings(view: .spectrogram)
      edit(&settings)
      do {
        _ = try ViewProcessor(waveform: radar.waveform, settings: settings)
        return "none"
      } catch {
        return "\(error)"
      }
    }
    #expect(refusal(.cw24) { $0.view = .rangeDoppler }.contains("range-doppler"))
    #expect(refusal(.cw24) { $0.view = .rangeTime }.contains("range-time"))
    #expect(refusal(.pulsed60) { $0.view = .angleTime }.contains("not 1"))
    #expect(refusal(.fmcw60) { $0.receiver = 3 }.contains("receiver 3: the 3"))
    #expect(refusal(.fmcw60) { $0.window = 64 }.contains("64 chirps"))
    #expect(refusal(.cw24) { $0.window = 64 } == "none")
    var waveform = SimulatedRadar.cw5.waveform
    waveform.shape.sampleKind = .real
    #expect(throws: PictureError.noVelocity) {
      _ = try ViewProcessor(waveform: waveform, settings: ViewSettings(view: .spectrogram))
    }
  }
}
