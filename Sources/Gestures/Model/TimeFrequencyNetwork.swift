package import Autodiff
internal import Networks

/// The time–frequency network: it reads a window of features like an image.
///
/// Small convolutional networks on images of time and velocity are those of the Doppler paper
/// (Zhang, Tao, Huangfu and Shi, arXiv 1711.02254).
///
/// | Layer                   | Output, for 48 steps and 32 velocity bins |
/// |:------------------------|:------------------------------------------|
/// | input                   | `[48, 32, channel]`                       |
/// | 3×3, 16 filters, pool 2 | `[24, 16, 16]`                            |
/// | 3×3, 32 filters, pool 2 | `[12, 8, 32]`                             |
/// | 3×3, 32 filters, pool 2 | `[6, 4, 32]`                              |
/// | mean over velocity      | `[6, 32]`                                 |
/// | dropout, dense          | `[class]`                                 |
///
/// The order of time is kept to the end, since that is what tells a push from a pull.
package struct TimeFrequencyNetwork: ParameterContainer, Sendable {
  var first: Convolution2D<Float>
  var second: Convolution2D<Float>
  var third: Convolution2D<Float>
  var output: Dense<Float>

  /// What is dropped before the last layer while training.
  static let dropout = Dropout(rate: 0.3)

  /// The filters of each convolution, as long as none are pruned.
  package static let filters = [16, 32, 32]

  /// Creates a network with random weights for windows of `grid`.
  package init(
    grid: FeatureGrid, classes: Int, filters: [Int] = Self.filters, seed: UInt64
  ) {
    var generator = SeededGenerator(seed: seed)
    let kernel = SIMD2(3, 3)
    first = Convolution2D(
      kernel: kernel, channels: grid.channels, filters: filters[0], using: &generator)
    second = Convolution2D(
      kernel: kernel, channels: filters[0], filters: filters[1], using: &generator)
    third = Convolution2D(
      kernel: kernel, channels: filters[1], filters: filters[2], using: &generator)
    output = Dense(inputs: grid.steps / 8 * filters[2], outputs: classes, using: &generator)
  }

  package mutating func visitParameters(_ body: (String, inout Tensor<Float>) -> Void) {
    first.visitParameters { body("first.\($0)", &$1) }
    second.visitParameters { body("second.\($0)", &$1) }
    third.visitParameters { body("third.\($0)", &$1) }
    output.visitParameters { body("output.\($0)", &$1) }
  }

  /// What the last layer sees of `windows`, `[window, feature]`.
  func embedding(of windows: Tensor<Float>) -> Tensor<Float> {
    let images = [first, second, third].reduce(windows) { images, layer in
      layer.rectified(images, pooling: Self.pooling(of: images))
    }
    return Self.features(of: images)
  }

  /// What is pooled: two steps of time, and two velocities as long as there are two.
  static func pooling(of images: Tensor<Float>) -> SIMD2<Int> {
    SIMD2(2, images.shape[2] > 1 ? 2 : 1)
  }

  /// The means over velocity of what the last convolution sees, `[window, feature]`.
  static func features(of images: Tensor<Float>) -> Tensor<Float> {
    let means = images.mean(over: [2])
    return means.reshaped(to: [images.shape[0], means.count / images.shape[0]])
  }

  /// The scores of each class for `windows` of shape `[window, step, velocityBin, channel]`.
  package func scores(of windows: Tensor<Float>) -> Tensor<Float> { output(embedding(of: windows)) }

  /// The scores while training, with features dropped at random.
  func trainingScores(
    of windows: Tensor<Float>, using generator: inout SeededGenerator
  ) -> Tensor<Float> {
    output(Self.dropout(embedding(of: windows), using: &generator))
  }
}
