public import Autodiff

/// What makes binary codes good: those of one class are alike, those of others are not, and the
/// numbers behind the bits are near to what the bits say.
public struct CodeLoss: Sendable {
  /// How much the relaxed bits cost that do not lie at −1 or 1.
  public var quantisation = 0.1

  /// How much a bit costs that is the same for all examples, and so says nothing.
  public var balance = 0.1

  /// How much pairs of examples count beside pairs of an example and a proxy.
  public var pairs = 1.0

  /// How sure of a class a code is that agrees in all bits with its proxy.
  public var sharpness = 12.0

  /// Creates a loss.
  public init() {}

  /// The mean loss of examples.
  ///
  /// - Parameters:
  ///   - values: The numbers behind the bits, `[example, bit]`.
  ///   - labels: The class of each example.
  ///   - proxies: A point for each class that its codes should be near to, `[class, bit]`.
  ///   - steepness: How near to a step the function is that makes a bit of a number: it grows
  ///     during training, until hardly anything lies between (Cao and others, 2017).
  /// - Returns: A single number.
  /// - Precondition: There is a label for each example, and a proxy for each label.
  public func callAsFunction<Scalar>(
    _ values: Tensor<Scalar>, labels: [Int], proxies: Tensor<Scalar>, steepness: Scalar
  ) -> Tensor<Scalar> {
    precondition(labels.count == values.shape[0], "every example needs a label")
    let (count, bits, classes) = (values.shape[0], values.shape[1], proxies.shape[0])
    let relaxed = (values * steepness).hyperbolicTangent()
    let anchors = proxies.hyperbolicTangent()
    var targets = [Scalar](repeating: 0, count: count * classes)
    for (row, label) in labels.enumerated() { targets[row * classes + label] = 1 }
    let nearness = relaxed.matrixProduct(anchors.transposed()) * Scalar(sharpness / Double(bits))
    let toProxies = nearness.crossEntropy(with: Tensor(targets, shape: [count, classes]))
    let rounding = (relaxed * relaxed - 1).squared().mean()
    let evenness = relaxed.mean(over: [0]).squared().mean()
    let amongPairs = pairLoss(relaxed, labels: labels)
    return toProxies + amongPairs * Scalar(pairs) + rounding * Scalar(quantisation)
      + evenness * Scalar(balance)
  }

  /// The mean of log(1 + exp *θ*) − *sθ* over pairs of examples, where *θ* grows with the bits in
  /// which they agree, and *s* says whether they are of one class; both kinds count the same.
  private func pairLoss<Scalar>(_ relaxed: Tensor<Scalar>, labels: [Int]) -> Tensor<Scalar> {
    let count = labels.count
    var alike = [Scalar](repeating: 0, count: count * count)
    var unlike = alike
    for row in 0..<count {
      for column in 0..<count where row != column {
        let isAlike = labels[row] == labels[column]
        alike[row * count + column] = isAlike ? 1 : 0
        unlike[row * count + column] = isAlike ? 0 : 1
      }
    }
    let alikeCount = max(alike.reduce(0, +), 1)
    let unlikeCount = max(unlike.reduce(0, +), 1)
    let agreement =
      relaxed.matrixProduct(relaxed.transposed())
      * Scalar(sharpness / 2 / Double(relaxed.shape[1]))
    let surprise = agreement.softplus()
    let shape = [count, count]
    let ofAlike = (surprise - agreement) * Tensor(alike.map { $0 / alikeCount }, shape: shape)
    let ofUnlike = surprise * Tensor(unlike.map { $0 / unlikeCount }, shape: shape)
    return (ofAlike + ofUnlike).sum()
  }
}
