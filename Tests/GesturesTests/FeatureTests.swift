import Foundation
import Gestures
import Radar
import Simulation
import Testing

@Suite("Features")
struct FeatureTests {
  private func grid(_ quantities: [FeatureGrid.Quantity], maximumVelocity: Double = 2)
    -> FeatureGrid
  {
    FeatureGrid(
      timeStep: 0.02, steps: 16, maximumVelocity: maximumVelocity, velocityBins: 16,
      quantities: quantities, floorLevel: 0, levelScale: 20, middleRange: 0.5, rangeScale: 0.5)
  }

  /// The features of a scatterer that moves evenly, from the middle of a second of it.
  private func features(
    radar: SimulatedRadar, grid: FeatureGrid, from start: SIMD3<Double>, velocity: SIMD3<Double>
  ) -> [Float] {
    let synthesis = EchoSynthesis(waveform: radar.waveform)
    var extractor = FeatureExtractor(grid: grid, waveform: radar.waveform)
    var sequence = FeatureSequence(grid: grid)
    var frame = Frame(shape: radar.waveform.shape)
    for index in 0..<Int(0.5 / radar.waveform.frameInterval) {
      frame.index = index
      frame.time = Double(index) * radar.waveform.frameInterval
      synthesis.fill(&frame) { time in
        [Scatterer(position: start + velocity * time, amplitude: 100)]
      }
      extractor.append(frame) { sequence.append($0) }
    }
    let window = sequence.window(centeredAt: 0.25)
    let row = grid.steps / 2 * grid.featuresPerStep
    return Array(window[row..<row + grid.featuresPerStep])
  }

  @Test("A scatterer stands at its velocity on the same axis, whatever the radar")
  func physicalAxis() throws {
    for radar in [SimulatedRadar.cw5, .cw24, .fmcw77] {
      for velocity in [-1.2, 0.9] {
        let grid = grid([.power])
        let row = features(
          radar: radar, grid: grid, from: SIMD3(0, 0, 0.5), velocity: SIMD3(0, 0, velocity))
        let peak = try #require(row.indices.max { row[$0] < row[$1] })
        #expect(abs(grid.velocity(ofBin: peak) - velocity) < 0.3, "\(radar) \(velocity)")
      }
    }
  }

  @Test(
    "Only what moves in the outer quarters of the axis is fast, and all but the inner quarter moves",
    arguments: [-1.5, -0.7, -0.4, -0.2, 0.2, 0.4, 0.7, 1.5])
  func outerPowers(velocity: Double) {
    let radar = SimulatedRadar.cw24
    let synthesis = EchoSynthesis(waveform: radar.waveform)
    var extractor = FeatureExtractor(grid: grid([.power]), waveform: radar.waveform)
    var frame = Frame(shape: radar.waveform.shape)
    var powers: [Float] = []
    var moving: [Float] = []
    var levels: [Float] = []
    for index in 0..<Int(0.5 / radar.waveform.frameInterval) {
      frame.index = index
      frame.time = Double(index) * radar.waveform.frameInterval
      synthesis.fill(&frame) { time in
        [Scatterer(position: SIMD3(0, 0, 0.6 + velocity * time), amplitude: 100)]
      }
      extractor.append(frame) { step in
        powers.append(10 * log10(max(step.fastPower, 1e-6)))
        moving.append(10 * log10(max(step.movingPower, 1e-6)))
        levels.append(20 * (step.features.max() ?? 0))
      }
    }
    // Within the axis the level of the echo is that of its strongest bin, and the mean over the fast
    // bins lies below it by their number at most.
    let (power, level) = (powers[powers.count / 2], levels[levels.count / 2])
    #expect(abs(velocity) > 1 ? power > level - 20 : power < level - 30)
    let motion = moving[moving.count / 2]
    #expect(abs(velocity) > 0.5 ? motion > level - 20 : motion < level - 30)
  }

  @Test("Range and direction are those of the scatterer")
  func rangeAndDirection() throws {
    let grid = grid([.power, .range, .horizontal])
    for side in [-0.2, 0.2] {
      let row = features(
        radar: .fmcw77, grid: grid, from: SIMD3(side, 0, 0.6), velocity: SIMD3(0, 0, 0.6))
      let bins = stride(from: 0, to: row.count, by: 3)
      let peak = try #require(bins.max { row[$0] < row[$1] })
      let place = SIMD3(side, 0, 0.6 + 0.6 * 0.25)
      let range = (place * place).sum().squareRoot()
      #expect(abs(Double(row[peak + 1]) - (range - 0.5) / 0.5) < 0.12)
      #expect(abs(Double(row[peak + 2]) - 2 * side / range) < 0.1)
    }
  }

  @Test("Steps do not depend on how a continuous wave is cut into frames")
  func frameLength() {
    let grid = grid([.power])
    var sequences: [[Float]] = []
    for chirps in [4, 16, 100] {
      var waveform = SimulatedRadar.cw5.waveform
      waveform.shape.chirps = chirps
      waveform.frameInterval = Double(chirps) * waveform.chirpInterval
      var extractor = FeatureExtractor(grid: grid, waveform: waveform)
      var sequence = FeatureSequence(grid: grid)
      var frame = Frame(shape: waveform.shape)
      for index in 0..<400 / chirps {
        for chirp in 0..<chirps {
          let angle = Float(index * chirps + chirp)
          frame.samples[2 * chirp] = (angle * 0.3).remainder(dividingBy: 3)
          frame.samples[2 * chirp + 1] = (angle * 0.7).remainder(dividingBy: 2)
        }
        frame.time = Double(index) * waveform.frameInterval
        extractor.append(frame) { sequence.append($0) }
      }
      sequences.append(sequence.values)
    }
    #expect(!sequences[0].isEmpty)
    #expect(sequences[1] == sequences[0] && sequences[2] == sequences[0])
  }

  @Test("A lost frame is bridged by its neighbours, and a long gap is silent")
  func lostFrames() {
    let grid = grid([.power])
    let waveform = SimulatedRadar.pulsed60.waveform
    func sequence(lost: Range<Int>) -> FeatureSequence {
      var extractor = FeatureExtractor(grid: grid, waveform: waveform)
      var sequence = FeatureSequence(grid: grid)
      for index in 0..<60 {
        var frame = Frame(
          shape: waveform.shape, index: index, time: Double(index) * waveform.frameInterval)
        // A hand of constant velocity: a quarter of a turn a chirp.
        for place in 0..<waveform.shape.sampleCount {
          let turns = place / waveform.shape.samplesPerChirp % 4
          frame.samples[2 * place] = [1000, 0, -1000, 0][turns]
          frame.samples[2 * place + 1] = [0, 1000, 0, -1000][turns]
        }
        if lost.contains(index) {
          frame.samples = frame.samples.map { _ in 0 }
          frame.validity = frame.validity.map { _ in false }
        }
        extractor.append(frame) { sequence.append($0) }
      }
      return sequence
    }
    let whole = sequence(lost: 0..<0)
    let bridged = sequence(lost: 20..<23)
    #expect(bridged.values.count == whole.values.count)
    #expect(zip(bridged.values, whole.values).allSatisfy { abs($0 - $1) < 1e-4 })
    let width = grid.featuresPerStep
    let times = (0..<whole.stepCount).map { Double($0) * grid.timeStep }
    for step in times.indices {
      let isIn = times[step] > 19.9 * 0.017 + 0.008 && times[step] < 22.9 * 0.017 + 0.008
      if isIn { #expect(bridged.damages[step] == 1) }
      if abs(times[step] - 21.5 * 0.017) > 0.1 { #expect(bridged.damages[step] == 0) }
    }
    let silent = sequence(lost: 20..<40)
    #expect(silent.stepCount == whole.stepCount)
    let middle = times.indices.min { abs(times[$0] - 0.52) < abs(times[$1] - 0.52) } ?? 0
    #expect(silent.values[middle * width..<(middle + 1) * width].allSatisfy { $0 == 0 })
    #expect(silent.damages[middle] == 1)
  }

  @Test("A window beyond the ends of a recording is silent there")
  func ends() {
    let grid = grid([.power])
    var sequence = FeatureSequence(grid: grid)
    for _ in 0..<40 {
      sequence.append(
        .init(features: Array(repeating: 1, count: grid.featuresPerStep), damage: 0))
    }
    let early = sequence.window(centeredAt: 0)
    #expect(early.prefix(6 * 16).allSatisfy { $0 == 0 })
    #expect(early.suffix(6 * 16).allSatisfy { abs($0 - 1) < 1e-6 })
    #expect(sequence.window(centeredAt: -10).allSatisfy { $0 == 0 })
  }

  @Test("A grid fitted to gestures covers them")
  func fitting() throws {
    let people = simulatedPeople(2)
    let grid = try FeatureGrid.fitting(people)
    let longest = people.flatMap(\.annotations).map { $0.end - $0.start }.max() ?? 0
    #expect(grid.duration >= longest)
    #expect(grid.quantities == [.power, .range])
    #expect(abs(grid.maximumVelocity - SimulatedRadar.pulsed60.waveform.maximumVelocity) < 1e-9)
    #expect(throws: GestureError.noLabels) { try FeatureGrid.fitting([]) }
  }
}
