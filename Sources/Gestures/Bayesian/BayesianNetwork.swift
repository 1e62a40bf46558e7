internal import Autodiff
internal import Networks

/// The time–frequency network with chance in its last two layers.
///
/// The first two convolutions are computed once for all draws, so that many answers cost little more
/// than one.
struct BayesianNetwork: ParameterContainer, Sendable {
  var first: Convolution2D<Float>
  var second: Convolution2D<Float>
  var third: Convolution2D<Float>
  var output: Dense<Float>

  /// The last two layers as distributions, which then take the place of the numbers.
  var distributions: Distributions?

  struct Distributions: ParameterContainer, Sendable {
    var third: VariationalConvolution2D<Float>
    var output: VariationalDense<Float>

    mutating func visitParameters(_ body: (String, inout Tensor<Float>) -> Void) {
      third.visitParameters { body("third.\($0)", &$1) }
      output.visitParameters { body("output.\($0)", &$1) }
    }
  }

  /// The standard deviation of the weights before anything was learned.
  static let prior = 0.3

  /// The shares that are dropped before the third layer and before the last one.
  static let dropout = (inner: Dropout(rate: 0.15), outer: Dropout(rate: 0.3))

  /// What is dropped in one pass.
  enum Dropping {
    /// Nothing.
    case none

    /// Part of what the last layer sees, as every network of ours does while it learns.
    case outer

    /// Part of what the last two layers see.
    case both
  }

  /// Where chance comes from in one pass.
  enum Chance {
    /// Nowhere: the means answer.
    case none

    /// Anew for each window, while training.
    case each(SeededGenerator)

    /// The same for all windows, so that an answer does not depend on what else is asked.
    case shared(SeededGenerator)
  }

  init(
    grid: FeatureGrid, classes: Int, isVariational: Bool, using generator: inout SeededGenerator
  ) {
    let kernel = SIMD2(3, 3)
    first = Convolution2D(kernel: kernel, channels: grid.channels, filters: 16, using: &generator)
    second = Convolution2D(kernel: kernel, channels: 16, filters: 32, using: &generator)
    third = Convolution2D(kernel: kernel, channels: 32, filters: 32, using: &generator)
    output = Dense(inputs: grid.steps / 8 * 32, outputs: classes, using: &generator)
    if isVariational {
      distributions = Distributions(
        third: VariationalConvolution2D(third), output: VariationalDense(output))
    }
  }

  mutating func visitParameters(_ body: (String, inout Tensor<Float>) -> Void) {
    first.visitParameters { body("first.\($0)", &$1) }
    second.visitParameters { body("second.\($0)", &$1) }
    if distributions != nil {
      distributions?.visitParameters { body("distributions.\($0)", &$1) }
    } else {
      third.visitParameters { body("third.\($0)", &$1) }
      output.visitParameters { body("output.\($0)", &$1) }
    }
  }

  /// What does not depend on chance: the images after two convolutions.
  func trunk(of windows: Tensor<Float>) -> Tensor<Float> {
    let images = first.rectified(windows, pooling: Self.window(over: windows))
    return second.rectified(images, pooling: Self.window(over: images))
  }

  /// What the last layer sees, `[window, feature]`.
  func embedding(
    of trunk: Tensor<Float>, dropping: Dropping = .none, chance: inout Chance
  ) -> Tensor<Float> {
    let input =
      dropping == .both ? dropped(trunk, Self.dropout.inner, chance: &chance) : trunk
    let images: Tensor<Float>
    if let distributions {
      let shape = Array(input.shape.dropLast()) + [distributions.third.bias.mean.count]
      let window = Self.window(over: input)
      images = distributions.third(input, noise: noise(shape, chance: &chance)).rectified()
        .maxPooled(height: window.x, width: window.y)
    } else {
      images = third.rectified(input, pooling: Self.window(over: input))
    }
    let means = images.mean(over: [2])
    let features = means.reshaped(to: [trunk.shape[0], means.count / trunk.shape[0]])
    return dropping == .none ? features : dropped(features, Self.dropout.outer, chance: &chance)
  }

  /// What the last layer sees under the means of all weights, with nothing dropped.
  func meanEmbedding(of trunk: Tensor<Float>) -> Tensor<Float> {
    var chance = Chance.none
    return embedding(of: trunk, chance: &chance)
  }

  /// The scores of each class, `[window, class]`.
  func scores(of embedding: Tensor<Float>, chance: inout Chance) -> Tensor<Float> {
    guard let distributions else { return output(embedding) }
    let shape = [embedding.shape[0], distributions.output.bias.mean.count]
    return distributions.output(embedding, noise: noise(shape, chance: &chance))
  }

  /// The scores under the means of all weights, with nothing dropped.
  func meanScores(of windows: Tensor<Float>) -> Tensor<Float> {
    var chance = Chance.none
    return scores(of: meanEmbedding(of: trunk(of: windows)), chance: &chance)
  }

  /// How far the weights lie from what was believed before anything was learned, in nats.
  var divergence: Tensor<Float>? {
    distributions.map { distributions in
      distributions.third.divergence(fromNormal: Self.prior)
        + distributions.output.divergence(fromNormal: Self.prior)
    }
  }

  /// What is pooled: two steps of time, and two velocities as long as there are two.
  private static func window(over images: Tensor<Float>) -> SIMD2<Int> {
    SIMD2(2, images.shape[2] > 1 ? 2 : 1)
  }

  private func noise(_ shape: [Int], chance: inout Chance) -> Tensor<Float> {
    drawn(shape, chance: &chance, none: 0) { .normal(shape: $0, using: &$1) }
  }

  private func dropped(
    _ input: Tensor<Float>, _ dropout: Dropout, chance: inout Chance
  ) -> Tensor<Float> {
    input
      * drawn(input.shape, chance: &chance, none: 1) { shape, generator in
        dropout(Tensor(repeating: 1, shape: shape), using: &generator)
      }
  }

  /// Numbers for each window, or the same for all of them.
  private func drawn(
    _ shape: [Int], chance: inout Chance, none: Float,
    _ draw: ([Int], inout SeededGenerator) -> Tensor<Float>
  ) -> Tensor<Float> {
    switch chance {
    case .none: return Tensor(none)
    case .each(var generator):
      defer { chance = .each(generator) }
      return draw(shape, &generator)
    case .shared(var generator):
      defer { chance = .shared(generator) }
      return draw([1] + shape.dropFirst(), &generator)
    }
  }
}
