public import Autodiff
internal import RealModule

// What a model is to make small. Every loss is a mean over the examples, as a tensor of one number.

extension Tensor {
  /// The mean cross-entropy of scores `[example, class]` and the right classes.
  ///
  /// - Parameters:
  ///   - labels: The number of the right class of each example.
  ///   - smoothing: The share of the right class that is dealt out to all classes (Szegedy et al.,
  ///     2016).
  ///   - classWeights: How much each class counts; all the same without it. The mean is over the
  ///     weights of the right classes.
  /// - Returns: The loss.
  /// - Precondition: Labels and weights fit the scores; `smoothing` is at least zero and below one.
  public func crossEntropy(
    labels: [Int], smoothing: Scalar = 0, classWeights: [Scalar]? = nil
  ) -> Tensor {
    precondition(0..<1 ~= smoothing, "a smoothing of \(smoothing) leaves no right class")
    let (targets, total) = weightedTargets(labels, classWeights: classWeights)
    let weights = Tensor(classWeights ?? Array(repeating: 1, count: shape[1]))
    let even = weights * (smoothing / Scalar(shape[1]))
    return crossEntropy(with: targets * (1 - smoothing) + even) * (Scalar(shape[0]) / total)
  }

  /// The mean focal loss −(1 − *p*)^`focus` log *p* of the probability *p* of the right class: examples
  /// that are judged well already count less (Lin et al., 2017).
  ///
  /// - Parameters:
  ///   - labels: The number of the right class of each example.
  ///   - focus: How much less; zero gives the cross-entropy.
  ///   - classWeights: How much each class counts; all the same without it.
  /// - Returns: The loss.
  /// - Precondition: Labels and weights fit the scores; `focus` is zero, or one at least: in between
  ///   the loss has no slope where a probability is one.
  public func focalLoss(
    labels: [Int], focus: Scalar = 2, classWeights: [Scalar]? = nil
  ) -> Tensor {
    precondition(focus == 0 || focus >= 1, "a focus of \(focus) is neither zero nor one at least")
    let (targets, total) = weightedTargets(labels, classWeights: classWeights)
    let logarithms = logSoftmax()
    // A probability that rounding has lifted over one has no power.
    let rest = Tensor.maximum(1 - logarithms.exponential(), 0)
    return -(targets * rest.raised(to: focus) * logarithms).sum() / total
  }

  /// The mean of the squared differences from `targets`.
  ///
  /// - Precondition: The shapes are the same.
  public func meanSquaredError(from targets: Tensor) -> Tensor {
    precondition(
      shape == targets.shape,
      "targets of shape \(targets.shape) do not fit outputs of shape \(shape)")
    return (self - targets).squared().mean()
  }

  /// The mean contrastive loss of pairs of embeddings `[pair, feature]`: those of one kind are drawn
  /// together, *d*², and others pushed apart up to a margin, max(`margin` − *d*, 0)² (Hadsell, Chopra
  /// and LeCun, 2006).
  ///
  /// - Parameters:
  ///   - other: The second embedding of each pair.
  ///   - areSame: Whether the two are of one kind.
  ///   - margin: The distance at which different ones leave each other alone.
  /// - Returns: The loss.
  /// - Precondition: The shapes are the same, and there is an answer for each pair.
  public func contrastiveLoss(
    with other: Tensor, areSame: [Bool], margin: Scalar = 1
  ) -> Tensor {
    precondition(
      rank == 2 && shape == other.shape && areSame.count == shape[0],
      "\(areSame.count) answers do not fit pairs of shapes \(shape) and \(other.shape)")
    let squares = (self - other).squared().sum(over: [1])
    // The distance has a kink where two embeddings meet, and zero for a subgradient there.
    let meet = squares.mask { $0 == 0 }
    let distances = meet.choosing(
      Tensor(0), otherwise: meet.choosing(Tensor(1), otherwise: squares).squareRoot())
    let gaps = Tensor.maximum(margin - distances, 0).squared()
    let same = Tensor(areSame.map { $0 ? 1 : 0 })
    return (same * squares + (1 - same) * gaps).mean()
  }

  /// The mean loss of telling each embedding's partner from all the others, by the cosines of their
  /// angles (NT-Xent; Chen et al., 2020).
  ///
  /// - Parameters:
  ///   - other: The partner of each embedding, `[pair, feature]`.
  ///   - temperature: What the cosines are divided by.
  /// - Returns: The loss, over both partners.
  /// - Precondition: The shapes are the same, and there are two pairs at least.
  public func normalizedContrastiveLoss(with other: Tensor, temperature: Scalar = 0.5) -> Tensor {
    precondition(
      rank == 2 && shape == other.shape && shape[0] > 1 && temperature > 0,
      "pairs of shapes \(shape) and \(other.shape) cannot be told apart at \(temperature)")
    let count = shape[0]
    let all = Tensor.concatenated([self, other], along: 0)
    let lengths = all.squared().sum(over: [1], keepsAxes: true).squareRoot()
    let units = all / Tensor.maximum(lengths, 1e-12)
    let cosines = units.matrixProduct(units.transposed()) / temperature
    // No embedding is compared with itself.
    let diagonal = (0..<4 * count * count).map { place -> Scalar in
      place / (2 * count) == place % (2 * count) ? -1e9 : 0
    }
    return (cosines + Tensor(diagonal, shape: cosines.shape))
      .crossEntropy(labels: (0..<2 * count).map { ($0 + count) % (2 * count) })
  }

  /// The weight of the right class of each example, zero elsewhere, and the sum of the weights.
  private func weightedTargets(
    _ labels: [Int], classWeights: [Scalar]?
  ) -> (targets: Tensor, total: Scalar) {
    precondition(
      rank == 2 && labels.count == shape[0] && labels.allSatisfy { 0..<shape[1] ~= $0 }
        && (classWeights?.count ?? shape[1]) == shape[1],
      "labels and weights do not fit scores of shape \(shape)")
    var targets = [Scalar](repeating: 0, count: count)
    var total: Scalar = 0
    for (example, label) in labels.enumerated() {
      let weight = classWeights?[label] ?? 1
      targets[example * shape[1] + label] = weight
      total += weight
    }
    return (Tensor(targets, shape: shape), total)
  }
}
