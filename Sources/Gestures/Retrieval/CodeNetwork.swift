internal import Autodiff
internal import Networks

/// The time–frequency network with bits in place of classes.
///
/// Its convolutions are those of the classifier; the last layer gives a number for each bit, whose
/// sign is the bit.
struct CodeNetwork: ParameterContainer, Sendable {
  var convolutions: [Convolution2D<Float>]
  var output: Dense<Float>

  /// What is dropped before the last layer while training.
  static let dropout = Dropout(rate: 0.1)

  /// The filters of each convolution.
  private static let widths = [16, 32, 48]

  /// Creates a network with random weights for windows of `grid`.
  init(grid: FeatureGrid, bits: Int, using generator: inout SeededGenerator) {
    convolutions = []
    var channels = grid.channels
    for filters in Self.widths {
      convolutions.append(
        Convolution2D(
          kernel: SIMD2(3, 3), channels: channels, filters: filters, using: &generator))
      channels = filters
    }
    // Mean and greatest over velocity: how much there is on the whole, and of the most of it.
    output = Dense(inputs: grid.steps / 8 * 2 * channels, outputs: bits, using: &generator)
  }

  mutating func visitParameters(_ body: (String, inout Tensor<Float>) -> Void) {
    convolutions.visitParameters { body("code.convolutions.\($0)", &$1) }
    output.visitParameters { body("code.output.\($0)", &$1) }
  }

  /// What the last layer sees of `windows`, `[window, feature]`.
  private func embedding(of windows: Tensor<Float>) -> Tensor<Float> {
    var images = windows
    for layer in convolutions {
      images = layer.rectified(images, pooling: SIMD2(2, images.shape[2] > 1 ? 2 : 1))
    }
    let rows = windows.shape[0]
    let means = images.mean(over: [2])
    let greatest = images.maxPooled(height: 1, width: images.shape[2])
    let width = means.count / rows
    // Side by side: each is padded with zeros where the other stands.
    return means.reshaped(to: [rows, width]).padded(before: 0, after: width, along: 1)
      + greatest.reshaped(to: [rows, width]).padded(before: width, after: 0, along: 1)
  }

  /// A number for each bit of each of `windows`, `[window, step, velocityBin, channel]` to `[window,
  /// bit]`.
  func values(of windows: Tensor<Float>) -> Tensor<Float> { output(embedding(of: windows)) }

  /// The numbers while training, with features dropped at random.
  func trainingValues(
    of windows: Tensor<Float>, using generator: inout SeededGenerator
  ) -> Tensor<Float> {
    output(Self.dropout(embedding(of: windows), using: &generator))
  }
}
