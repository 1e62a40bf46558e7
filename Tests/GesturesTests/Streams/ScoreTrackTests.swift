import Autodiff
import Gestures
import Radar
import Simulation
import Testing

@Suite("Score tracks")
struct ScoreTrackTests {
  private let grid = FeatureGrid(
    timeStep: 0.05, steps: 16, maximumVelocity: 2, velocityBins: 4, quantities: [.power],
    floorLevel: 0)

  private func model(seed: UInt64) -> GestureModel {
    GestureModel(
      labels: ["background", "push"], grid: grid,
      waveforms: WaveformFamily(of: [SimulatedRadar.cw24.waveform]), durations: [0, 0.4],
      marksBackground: false,
      network: GestureNetwork(.timeFrequency, grid: grid, classes: 2, seed: seed))
  }

  private var features: FeatureSequence {
    var generator = SeededGenerator(seed: 5)
    var features = FeatureSequence(grid: grid)
    for _ in 0..<120 {
      let row = (0..<grid.featuresPerStep).map { _ in Float.random(in: 0...2, using: &generator) }
      features.append(.init(features: row, damage: 0))
    }
    return features
  }

  @Test("Tracks of parts make the track of the whole, each moment seen by the model that counts")
  func joining() {
    let (first, second) = (model(seed: 1), model(seed: 2))
    let features = features
    let isEarly = { (time: Double) in time < 3 }
    let isLate = { (time: Double) in time >= 3 }
    let joined = ScoreTrack(joining: [
      (ScoreTrack(of: features, judgedBy: first, includes: isEarly), isEarly),
      (ScoreTrack(of: features, judgedBy: second, includes: isLate), isLate),
    ])
    let wholes = [first, second].map { ScoreTrack(of: features, judgedBy: $0) }
    #expect(joined.windows.map(\.middle) == wholes[0].windows.map(\.middle))
    for (index, window) in joined.windows.enumerated() {
      let expected = wholes[isEarly(window.middle) ? 0 : 1].windows[index]
      #expect(zip(window.view.scores, expected.view.scores).allSatisfy { abs($0 - $1) < 1e-4 })
    }
  }

  @Test("A part alone shows its moments and half a window around them")
  func part() {
    let isEarly = { (time: Double) in time < 3 }
    let track = ScoreTrack(of: features, judgedBy: model(seed: 1), includes: isEarly)
    let joined = ScoreTrack(joining: [(track, isEarly)])
    #expect(joined.windows.map(\.middle) == track.windows.map(\.middle))
    #expect(joined.windows.map(\.middle).max() ?? 0 > 3)
    #expect(joined.windows.map(\.middle).max() ?? 0 < 3 + grid.duration / 2 + 1e-9)
  }

  @Test(
    "A window of a recording shows what that of its stream shows, as vigorous and as long in motion",
    arguments: [(0.05, 16), (0.02, 48), (0.0169491, 50), (0.04, 33)])
  func streamed(timeStep: Double, steps: Int) {
    let grid = FeatureGrid(
      timeStep: timeStep, steps: steps, maximumVelocity: 2, velocityBins: 4, quantities: [.power],
      floorLevel: 0)
    var generator = SeededGenerator(seed: 6)
    var window = SlidingWindow(grid: grid, motionLevel: 20)
    var features = FeatureSequence(grid: grid)
    var streamed: [(middle: Double, vigour: Double, motion: Double, features: [Float])] = []
    for step in 0..<2000 {
      let step = FeatureExtractor.Step(
        features: (0..<grid.featuresPerStep).map { _ in Float.random(in: 0...2, using: &generator)
        },
        damage: 0, fastPower: Float.random(in: 1...1000, using: &generator),
        movingPower: step / 100 % 2 == 0 ? Float.random(in: 1...1000, using: &generator) : 1)
      window.append(step)
      features.append(step)
      streamed.append((window.middle, window.vigour, window.motion, window.features))
    }
    let motions = features.motions(above: 20)
    #expect(streamed.contains { $0.motion > 1 } && streamed.contains { $0.motion == 0 })
    for seen in streamed where seen.middle >= grid.duration / 2 {
      #expect(features.vigour(centeredAt: seen.middle) == seen.vigour)
      #expect(features.motion(centeredAt: seen.middle, of: motions) == seen.motion)
      let whole = features.window(centeredAt: seen.middle)
      #expect(zip(whole, seen.features).allSatisfy { abs($0 - $1) < 1e-3 })
    }
  }

  @Test("The shortest gap is that between neighbours of which both may be learned from")
  func shortestGap() {
    let marks = [1.0, 2, 3.5, 5.5].map { Annotation(label: "push", start: $0, end: $0 + 0.4) }
    let quiet = Annotation(label: GestureModel.backgroundLabel, start: 5, end: 5.2)
    func gap(_ includes: (Int, Double) -> Bool) -> Double? {
      ExampleSet.shortestGap(of: [marks + [quiet]], includes: includes)
    }
    #expect(abs((gap { _, _ in true } ?? 0) - 1) < 1e-9)
    // Without the first gesture, the second and third are the closest.
    #expect(abs((gap { $1 > 2 } ?? 0) - 1.5) < 1e-9)
    // The first and the third are no neighbours, whatever is held out between them.
    #expect(gap { abs($1 - 2.2) > 0.5 && $1 < 5 } == nil)
  }
}
