import Autodiff
import Foundation
import Gestures
import Networks
import Radar
import Testing

@Suite("Summaries of networks")
struct SummaryTests {
  /// The axes that the articles speak of.
  static let grid = FeatureGrid(
    timeStep: 0.025, steps: 48, maximumVelocity: 2.5, velocityBins: 32,
    quantities: [.power, .range, .horizontal, .vertical], floorLevel: 0)

  private func windows(_ count: Int, grid: FeatureGrid) -> Tensor<Float> {
    var generator = SeededGenerator(seed: 4)
    let elements = (0..<count * grid.steps * grid.featuresPerStep).map { _ in
      Float.random(in: -1...2, using: &generator)
    }
    return Tensor(elements, shape: [count, grid.steps, grid.velocityBins, grid.channels])
  }

  @Test("The layers that are counted are those that judge", arguments: [32, 16, 6, 2])
  func layers(bins: Int) {
    var grid = Self.grid
    grid.velocityBins = bins
    let images = windows(3, grid: grid)
    let network = TimeFrequencyNetwork(grid: grid, classes: 9, seed: 1)
    let scores = network.scores(of: images).elements
    for (one, other) in zip(network.layers(for: grid)(images).elements, scores) {
      #expect(abs(one - other) < 1e-4)
    }
    let streaming = StreamingNetwork(grid: grid, classes: 9, seed: 1)
    let frames = images.reshaped(to: [3 * grid.steps, 1, bins, grid.channels])
    let notes = streaming.notes(of: images).elements
    for (one, other) in zip(streaming.frameLayers(for: grid)(frames).elements, notes) {
      #expect(abs(one - other) < 1e-4)
    }
  }

  @Test("The tables of the articles are those of the code", arguments: NetworkKind.allCases)
  func articles(kind: NetworkKind) throws {
    let names: [NetworkKind: String] = [
      .timeFrequency: "TheTimeFrequencyNetwork", .streaming: "TheStreamingNetwork",
    ]
    guard let name = names[kind] else { return }
    let network = GestureNetwork(kind, grid: Self.grid, classes: 9, seed: 1)
    let summary = network.summary(for: Self.grid)
    #expect(summary.parameters == network.parameterCount)
    #expect(summary.parameters <= 100_000)
    let article = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
      .appendingPathComponent("Sources/Gestures/Gestures.docc/\(name).md")
    let lines = try String(contentsOf: article, encoding: .utf8).split(separator: "\n")
    let table = lines.filter { $0.hasPrefix("|") }.map { line in
      line.split(separator: "|").map { $0.trimmingCharacters(in: .whitespaces) }
    }
    let rows = summary.rows.map {
      [$0.name, "`\($0.shape)`", "\($0.parameters)", "\($0.multiplyAdds)"]
    }
    let sum = ["sum", "", "\(summary.parameters)", "\(summary.multiplyAdds)"]
    #expect(
      Array(table.dropFirst(2).prefix(rows.count + 2)) == [["input", "`\(summary.input)`", "", ""]]
        + rows + [sum])
  }
}
