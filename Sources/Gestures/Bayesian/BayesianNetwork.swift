internal import Autodiff
internal import Networks

/// The time–frequency network with chance in its last two layers.
///
/// The first two convolutions are computed once for all draws, so that many answers cost little more
/// than one.
struct BayesianNetwork: ParameterContainer, Sendable {
  /// The network; its last two layers are not asked where there are ``distributions``.
  var base: TimeFrequencyNetwork

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

  /// What is dropped before the third layer; as much as ever is dropped before the last one.
  static let innerDropout = Dropout(rate: 0.15)

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

  /// Creates a network that answers as `base` does, until it goes on learning.
  init(_ base: TimeFrequencyNetwork, isVariational: Bool) {
    self.base = base
    if isVariational {
      distributions = Distributions(
        third: VariationalConvolution2D(base.third), output: VariationalDense(base.output))
    }
  }

  mutating func visitParameters(_ body: (String, inout Tensor<Float>) -> Void) {
    guard distributions != nil else { return base.visitParameters(body) }
    base.first.visitParameters { body("first.\($0)", &$1) }
    base.second.visitParameters { body("second.\($0)", &$1) }
    distributions?.visitParameters { body("distributions.\($0)", &$1) }
  }

  /// The network with the means of all weights, which knows nothing of doubt.
  var mean: TimeFrequencyNetwork {
    var mean = base
    if let distributions {
      mean.third.filter = distributions.third.filter.mean
      mean.third.bias = distributions.third.bias.mean
      mean.output.weight = distributions.output.weight.mean
      mean.output.bias = distributions.output.bias.mean
    }
    return mean
  }

  /// What does not depend on chance: the images after two convolutions.
  func trunk(of windows: Tensor<Float>) -> Tensor<Float> {
    [base.first, base.second].reduce(windows) { images, layer in
      layer.rectified(images, pooling: TimeFrequencyNetwork.pooling(of: images))
    }
  }

  /// What the last layer sees, `[window, feature]`.
  func embedding(
    of trunk: Tensor<Float>, dropping: Dropping = .none, chance: inout Chance
  ) -> Tensor<Float> {
    let input = dropping == .both ? dropped(trunk, Self.innerDropout, chance: &chance) : trunk
    let pooling = TimeFrequencyNetwork.pooling(of: input)
    let images: Tensor<Float>
    if let distributions {
      let shape = Array(input.shape.dropLast()) + [distributions.third.bias.mean.count]
      images = distributions.third(input, noise: noise(shape, chance: &chance)).rectified()
        .maxPooled(height: pooling.x, width: pooling.y)
    } else {
      images = base.third.rectified(input, pooling: pooling)
    }
    let features = TimeFrequencyNetwork.features(of: images)
    return dropping == .none
      ? features : dropped(features, TimeFrequencyNetwork.dropout, chance: &chance)
  }

  /// What the last layer sees under the means of all weights, with nothing dropped.
  func meanEmbedding(of trunk: Tensor<Float>) -> Tensor<Float> {
    var chance = Chance.none
    return embedding(of: trunk, chance: &chance)
  }

  /// The scores of each class, `[window, class]`.
  func scores(of embedding: Tensor<Float>, chance: inout Chance) -> Tensor<Float> {
    guard let distributions else { return base.output(embedding) }
    let shape = [embedding.shape[0], distributions.output.bias.mean.count]
    return distributions.output(embedding, noise: noise(shape, chance: &chance))
  }

  /// The scores under the means of all weights, with nothing dropped.
  func meanScores(of windows: Tensor<Float>) -> Tensor<Float> {
    var chance = Chance.none
    return scores(of: meanEmbedding(of: trunk(of: windows)), chance: &chance)
  }

  /// How far the distributions lie from normal ones of the standard deviation `prior` around the
  /// weights of `center`, in nats, and `nil` if there are none.
  func divergence(
    fromNormal prior: Double, around center: TimeFrequencyNetwork
  ) -> Tensor<Float>? {
    distributions.map { distributions in
      distributions.third.divergence(fromNormal: prior, around: center.third)
        + distributions.output.divergence(fromNormal: prior, around: center.output)
    }
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
