internal import Autodiff
internal import Networks

/// A layer that mixes what a point is with what its neighbours are.
///
/// The result of a point is the greatest, over its neighbours, of a weighted sum of its own features
/// and theirs: an edge convolution (Wang and others, 2019). Since the sum is linear, the part of the
/// point itself can be added after the maximum, and a neighbour's part is computed once, not once
/// for each edge.
struct EdgeConvolution: ParameterContainer, Sendable {
  var own: Dense<Float>
  var other: Tensor<Float>

  init(inputs: Int, outputs: Int, using generator: inout SeededGenerator) {
    own = Dense(inputs: inputs, outputs: outputs, using: &generator)
    other = Dense(inputs: inputs, outputs: outputs, using: &generator).weight
  }

  mutating func visitParameters(_ body: (String, inout Tensor<Float>) -> Void) {
    own.visitParameters { body("own.\($0)", &$1) }
    body("other", &other)
  }

  /// The results for `points` of shape `[point, feature]` with neighbours `[point, neighbour]`.
  func callAsFunction(_ points: Tensor<Float>, neighbours: [Int]) -> Tensor<Float> {
    let degree = max(neighbours.count / max(points.shape[0], 1), 1)
    let greatest = points.matrixProduct(other).maximum(ofRows: neighbours, inGroupsOf: degree)
    return (own(points) + greatest).rectified()
  }
}

/// A network on graphs of points: two edge convolutions, attention over the points of each moment,
/// and convolutions over time.
///
/// | Layer                                 | Output              |
/// |:--------------------------------------|:--------------------|
/// | input                                 | `[point, 6]`        |
/// | edge convolution, dense               | `[point, 32]`       |
/// | edge convolution                      | `[point, 64]`       |
/// | attention over the points of a slot   | `[slot, 65]`        |
/// | convolution over 3 slots, twice       | `[slot, 64]`        |
/// | mean and greatest over the slots      | `[128]`             |
/// | dropout, dense                        | `[class]`           |
///
/// The order in which points come does not matter to any of it.
struct PointGraphNetwork: ParameterContainer, Sendable {
  let shape: PointGraphShape
  var first: EdgeConvolution
  var mixing: Dense<Float>
  var second: EdgeConvolution
  var attention: Dense<Float>
  var value: Dense<Float>
  var temporal: [Convolution2D<Float>]
  var output: Dense<Float>

  /// What is dropped before the last layer while training.
  static let dropout = Dropout(rate: 0.3)

  init(shape: PointGraphShape, classes: Int, using generator: inout SeededGenerator) {
    self.shape = shape
    let width = shape.width
    let features = PointBatch.featureCount
    first = EdgeConvolution(inputs: features, outputs: width, using: &generator)
    mixing = Dense(inputs: width, outputs: width, using: &generator)
    second = EdgeConvolution(inputs: width, outputs: 2 * width, using: &generator)
    attention = Dense(inputs: 3 * width, outputs: 1, using: &generator)
    value = Dense(inputs: 3 * width + features, outputs: 2 * width, using: &generator)
    let kernel = SIMD2(3, 1)
    temporal = [
      Convolution2D(
        kernel: kernel, channels: 2 * width + 1, filters: 2 * width, using: &generator),
      Convolution2D(kernel: kernel, channels: 2 * width, filters: 2 * width, using: &generator),
    ]
    output = Dense(inputs: 4 * width, outputs: classes, using: &generator)
  }

  mutating func visitParameters(_ body: (String, inout Tensor<Float>) -> Void) {
    first.visitParameters { body("first.\($0)", &$1) }
    mixing.visitParameters { body("mixing.\($0)", &$1) }
    second.visitParameters { body("second.\($0)", &$1) }
    attention.visitParameters { body("attention.\($0)", &$1) }
    value.visitParameters { body("value.\($0)", &$1) }
    temporal.visitParameters { body("temporal.\($0)", &$1) }
    output.visitParameters { body("output.\($0)", &$1) }
  }

  /// What each point and its neighbours are like, `[point, feature]`: whoever exchanges two points
  /// exchanges their rows.
  func pointFeatures(of batch: PointBatch) -> Tensor<Float> {
    let points = Tensor(
      batch.features, shape: [batch.slots.count, PointBatch.featureCount])
    let near = mixing(first(points, neighbours: batch.neighbours)).rectified()
    let far = second(near, neighbours: batch.neighbours)
    return .concatenated([near, far, points], along: 1)
  }

  /// What the last layer sees of each gesture, `[gesture, feature]`.
  private func embedding(of batch: PointBatch) -> Tensor<Float> {
    let width = shape.width
    let slots = batch.count * shape.slots
    let features = pointFeatures(of: batch)
    // The exponent is bounded, so that a single point cannot take all the attention by overflow.
    let score = attention(features.sliced(0..<3 * width, along: 1))
    let weight = ((score / 8).hyperbolicTangent() * 8).exponential()
    let values = value(features).rectified()
    let sums = (values * weight).scatterAdded(at: batch.slots, along: 0, length: slots)
    let weights = weight.scatterAdded(at: batch.slots, along: 0, length: slots)
    var counts = [Float](repeating: 0, count: slots)
    for slot in batch.slots { counts[slot] += 1 }
    let density = Tensor(counts, shape: [slots, 1])
    var moments = Tensor.concatenated(
      [sums / (weights + 1e-6), (density + 1).logarithm() / 3], along: 1
    ).reshaped(to: [batch.count, shape.slots, 1, 2 * width + 1])
    for layer in temporal { moments = layer(moments).rectified() }
    let greatest = moments.maxPooled(height: shape.slots, width: 1)
    return .concatenated(
      [moments.mean(over: [1, 2]), greatest.reshaped(to: [batch.count, 2 * width])], along: 1)
  }

  /// The scores of each class for the gestures of a batch, `[gesture, class]`.
  func scores(of batch: PointBatch) -> Tensor<Float> { output(embedding(of: batch)) }

  /// The scores while training, with features dropped at random.
  func trainingScores(
    of batch: PointBatch, using generator: inout SeededGenerator
  ) -> Tensor<Float> {
    output(Self.dropout(embedding(of: batch), using: &generator))
  }
}
