internal import RealModule

extension Tensor {
  /// The mean cross-entropy of scores `[example, class]` and the probabilities of the classes.
  ///
  /// - Precondition: `targets` has the shape of the scores.
  @specialized(where Scalar == Float)
  public func crossEntropy(with targets: Tensor) -> Tensor {
    precondition(
      rank == 2 && targets.shape == shape,
      "targets of shape \(targets.shape) do not fit scores of shape \(shape)")
    let scale = 1 / Scalar(max(shape[0], 1))
    return record([self, targets]) { inputs in
      Tensor(logLosses(inputs[0], inputs[1]).reduce(0, +) * scale)
    } pullback: { inputs, _, gradient, wanted in
      let (scores, targets) = (inputs[0], inputs[1])
      // One loop where nobody differentiates again, and operations that allow it otherwise.
      let slope =
        !wanted[0]
        ? nil
        : gradient.level == 0 && scores.level == 0 && targets.level == 0
          ? scoreGradient(scores, targets, scale: gradient.scalar * scale)
          : (scores.softmax() * targets.sum(over: [-1], keepsAxes: true) - targets)
            * (gradient * scale)
      return [slope, wanted[1] ? scores.logSoftmax() * (gradient * -scale) : nil]
    }
  }
}

/// The greatest of each row of scores, and the sum of the exponentials of their distances to it.
@inline(__always)
private func forEachRow<Scalar: TensorScalar>(
  _ scores: [Scalar], width: Int,
  _ body: (_ row: Range<Int>, _ greatest: Scalar, _ sum: Scalar) -> Void
) {
  guard width > 0 else { return }
  for start in stride(from: 0, to: scores.count, by: width) {
    let row = start..<start + width
    var greatest = scores[start]
    for place in row { greatest = max(greatest, scores[place]) }
    var sum: Scalar = 0
    for place in row { sum += .exp(scores[place] - greatest) }
    body(row, greatest, sum)
  }
}

/// The cross-entropy of every row.
@specialized(where Scalar == Float)
private func logLosses<Scalar>(_ scores: Tensor<Scalar>, _ targets: Tensor<Scalar>) -> [Scalar] {
  let (elements, shares) = (scores.elements, targets.elements)
  var losses: [Scalar] = []
  forEachRow(elements, width: scores.shape[1]) { row, greatest, sum in
    let offset = greatest + .log(sum)
    var loss: Scalar = 0
    for place in row { loss += shares[place] * (offset - elements[place]) }
    losses.append(loss)
  }
  return losses
}

/// The gradient of `scale` times the cross-entropies: the probabilities of the scores less those of
/// the targets.
@specialized(where Scalar == Float)
private func scoreGradient<Scalar>(
  _ scores: Tensor<Scalar>, _ targets: Tensor<Scalar>, scale: Scalar
) -> Tensor<Scalar> {
  let (elements, shares) = (scores.elements, targets.elements)
  var slopes = shares
  forEachRow(elements, width: scores.shape[1]) { row, greatest, sum in
    var weight: Scalar = 0
    for place in row { weight += shares[place] }
    for place in row {
      let probability = Scalar.exp(elements[place] - greatest) / sum
      slopes[place] = scale * (probability * weight - shares[place])
    }
  }
  return Tensor(slopes, shape: scores.shape)
}
