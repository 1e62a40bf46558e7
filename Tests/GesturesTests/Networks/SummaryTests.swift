import Autodiff
import Foundation
import Gestures
import Networks
import Radar
import Testing

@Suite("Summaries of networks")
struct SummaryTests {
  /// The axes that the articles speak of, without range gates or with some.
  static func grid(gates: Int = 0) -> FeatureGrid {
    FeatureGrid(
      timeStep: 0.025, steps: 48, maximumVelocity: 2.5, velocityBins: 32,
      quantities: [.power, .range, .horizontal, .vertical], floorLevel: 0,
      rangeGates: gates > 0 ? RangeGates(start: 0, end: 1.2, count: gates) : nil)
  }

  private func windows(_ count: Int, grid: FeatureGrid) -> Tensor<Float> {
    var generator = SeededGenerator(seed: 4)
    let elements = (0..<count * grid.steps * grid.featuresPerStep).map { _ in
      Float.random(in: -1...2, using: &generator)
    }
    return Tensor(elements, shape: [count, grid.steps, grid.velocityBins, grid.channels])
  }

  @Test(
    "The layers that are counted are those that judge", arguments: [32, 16, 6, 2], [0, 1, 3, 8, 64])
  func layers(bins: Int, gates: Int) {
    var grid = Self.grid(gates: gates)
    grid.velocityBins = bins
    let samples = windows(3, grid: grid)
    let network = TimeFrequencyNetwork(grid: grid, classes: 9, seed: 1)
    let scores = network.scores(of: samples).elements
    for (one, other) in zip(network.layers(for: grid)(samples).elements, scores) {
      #expect(abs(one - other) < 1e-4)
    }
    let streaming = StreamingNetwork(grid: grid, classes: 9, seed: 1)
    let frames = samples.reshaped(to: [3 * grid.steps, 1, bins, grid.channels])
    var sums = streaming.frameLayers(for: grid)(frames.sliced(0..<4, along: 3))
    #expect((streaming.images == nil) == (gates == 0))
    if let images = streaming.images {
      let pictures = frames.sliced(4..<4 + gates, along: 3)
        .reshaped(to: [3 * grid.steps, bins, gates, 1])
      sums = sums + images.chain(pictures)
    }
    let notes = streaming.notes(of: samples).elements
    for (one, other) in zip(sums.rectified().elements, notes) { #expect(abs(one - other) < 1e-4) }
    for network in [
      GestureNetwork.timeFrequency(network), .streaming(streaming),
    ] {
      #expect(network.summary(for: grid).parameters == network.parameterCount)
      #expect(network.parameterCount <= 100_000)
    }
  }

  @Test(
    "The tables of the articles are those of the code",
    arguments: [NetworkKind.timeFrequency, .streaming],
    [0, 8])
  func articles(kind: NetworkKind, gates: Int) throws {
    let name = kind == .streaming ? "TheStreamingNetwork" : "TheTimeFrequencyNetwork"
    let grid = Self.grid(gates: gates)
    let network = GestureNetwork(kind, grid: grid, classes: 9, seed: 1)
    let summary = network.summary(for: grid)
    let article = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
      .appendingPathComponent("Sources/Gestures/Gestures.docc/\(name).md")
    let lines = try String(contentsOf: article, encoding: .utf8).split(separator: "\n")
    let table = lines.filter { $0.hasPrefix("|") }.map { line in
      line.split(separator: "|").map { $0.trimmingCharacters(in: .whitespaces) }
    }
    // The first table is of the network without gates, the second of that with them.
    let starts = table.indices.filter { table[$0].first == "input" }
    let start = try #require(starts.dropFirst(gates > 0 ? 1 : 0).first)
    let rows = summary.rows.map {
      [$0.name, "`\($0.shape)`", "\($0.parameters)", "\($0.multiplyAdds)"]
    }
    let sum = ["sum", "", "\(summary.parameters)", "\(summary.multiplyAdds)"]
    #expect(
      Array(table.dropFirst(start).prefix(rows.count + 2))
        == [["input", "`\(summary.input)`", "", ""]] + rows + [sum])
  }
}
