internal import Autodiff
internal import Networks

/// The moments of one step of the descent, each varied by its own chance.
struct ExampleBatch: Sendable {
  private let examples: ExampleSet
  private let chosen: [ExampleSet.Example]
  private let grid: FeatureGrid
  private let seeds: [UInt64]
  private let augmentation = Augmentation()

  /// The share of the true class that is dealt out to all classes (Szegedy et al., 2016).
  private static let labelSmoothing: Float = 0.05

  init(
    _ chosen: [ExampleSet.Example], of examples: ExampleSet, grid: FeatureGrid,
    using generator: inout SeededGenerator
  ) {
    self.examples = examples
    self.chosen = chosen
    self.grid = grid
    seeds = chosen.map { _ in generator.next() }
  }

  /// The number of moments.
  var count: Int { chosen.count }

  /// The classes of some of the moments.
  func labels(_ range: Range<Int>) -> [Int] { range.map { chosen[$0].label } }

  /// The windows of some of the moments, `[window, step, velocityBin, channel]`.
  func windows(_ range: Range<Int>) -> Tensor<Float> {
    var windows: [Float] = []
    windows.reserveCapacity(range.count * grid.steps * grid.featuresPerStep)
    for index in range {
      var varying = SeededGenerator(seed: seeds[index] ^ 0x5851_F42D_4C95_7F2D)
      windows += augmentation.window(of: chosen[index], in: examples, using: &varying)
    }
    return Tensor(windows, shape: [range.count, grid.steps, grid.velocityBins, grid.channels])
  }

  /// The mean loss of a network's scores of some of the moments, `[window, class]`.
  func loss(of scores: Tensor<Float>, _ range: Range<Int>) -> Tensor<Float> {
    scores.crossEntropy(labels: labels(range), smoothing: Self.labelSmoothing)
  }

  /// Where the chance begins that a network itself takes while it learns from some of the moments.
  func chance(_ range: Range<Int>) -> SeededGenerator {
    SeededGenerator(seed: seeds[range.lowerBound])
  }
}
