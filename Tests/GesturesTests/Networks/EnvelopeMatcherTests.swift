import Autodiff
import Foundation
import Gestures
import Radar
import Testing

@Suite("Nearest envelope")
struct EnvelopeMatcherTests {
  private static let grid = FeatureGrid(
    timeStep: 0.02, steps: 8, maximumVelocity: 2, velocityBins: 16, quantities: [.power],
    floorLevel: 0)

  /// A window in which something loud moves at one velocity at each step.
  private func window(velocities: [Double], level: Float = 2) -> [Float] {
    velocities.flatMap { velocity in
      (0..<16).map { bin in abs(Self.grid.velocity(ofBin: bin) - velocity) < 0.126 ? level : 0 }
    }
  }

  @Test("The envelope of an echo is its velocity, on the side on which it moves")
  func velocity() {
    let matcher = EnvelopeMatcher(grid: Self.grid, classes: 2)
    let velocities = [-1.875, -1.375, -0.625, -0.125, 0.125, 0.625, 1.375, 1.875]
    let envelopes = matcher.envelopes(of: window(velocities: velocities))
    for (step, velocity) in velocities.enumerated() {
      let (away, towards) = (2 * envelopes[step], 2 * envelopes[8 + step])
      // Half a bin on either side.
      #expect(abs(Double(away) - max(velocity, 0)) <= 0.26)
      #expect(abs(Double(towards) - max(-velocity, 0)) <= 0.26)
      #expect((away > 0) == (velocity > 0) && (towards > 0) == (velocity < 0))
    }
  }

  @Test("Of several echoes the fastest counts, and noise below the threshold does not")
  func fastest() {
    let matcher = EnvelopeMatcher(grid: Self.grid, classes: 2)
    var both = window(velocities: Array(repeating: 0.625, count: 8))
    let fast = window(velocities: Array(repeating: 1.375, count: 8))
    let noise = window(velocities: Array(repeating: 1.875, count: 8), level: 0.4)
    for index in both.indices { both[index] += fast[index] + noise[index] }
    let alone = matcher.envelopes(of: fast)
    for (one, other) in zip(matcher.envelopes(of: both), alone) { #expect(abs(one - other) < 0.06) }
  }

  @Test("What was learned is recognised, and something near it too")
  func nearest() {
    var matcher = EnvelopeMatcher(grid: Self.grid, classes: 3)
    let shapes: [[Double]] = [
      Array(repeating: 0, count: 8).map { _ in 0.125 },
      [0.125, 0.375, 0.875, 1.375, 1.375, 0.875, 0.375, 0.125],
      [-0.125, -0.375, -0.875, -1.375, -1.375, -0.875, -0.375, -0.125],
    ]
    // Four of each, of other loudness.
    let learned = (0..<12).map { window(velocities: shapes[$0 % 3], level: 1.6 + Float($0) * 0.1) }
    matcher.learn(learned, classes: (0..<12).map { $0 % 3 })
    #expect(matcher.isSound)
    for (label, shape) in shapes.enumerated() {
      let near = window(velocities: shape.map { $0 * 1.15 })
      let scores = matcher.scores(of: Tensor(near, shape: [1, 8, 16, 1])).elements
      #expect(scores.indices.max { scores[$0] < scores[$1] } == label)
    }
  }

  @Test("A data set is learned, judged, and the model written and read")
  func wholeWay() throws {
    var trainer = GestureTrainer()
    trainer.network = .envelope
    let outcome = try trainer.train(on: simulatedPeople(10))
    #expect(outcome.validationAccuracy ?? 0 > 0.8)
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let path = folder.appendingPathComponent("model.safetensors").path
    try outcome.model.write(to: path)
    let read = try GestureModel(path: path)
    #expect(read.networkKind == .envelope)
    let sequence = try LabelledSequence(simulatedPeople(1, seed: 5)[0], grid: read.grid)
    let window = sequence.features.window(centeredAt: sequence.annotations[0].middle)
    let scores = read.views(of: [window]).map(\.scores)
    #expect(scores == outcome.model.views(of: [window]).map(\.scores))
    // Somebody marked the window, so it is not background, which comes first.
    let best = scores[0].indices.dropFirst().max { scores[0][$0] < scores[0][$1] } ?? 0
    #expect(read.labels[best] == sequence.annotations[0].label)
  }
}
