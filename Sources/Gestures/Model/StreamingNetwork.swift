package import Autodiff
internal import Networks

/// The streaming network: it looks at each frame once, and then at what it noted about the last ones.
///
/// A small convolutional network over velocity turns what moves in a frame into a few numbers; where
/// there are range gates, another one looks at the frame as an image of velocity and range. Then
/// causal convolutions over time (Bai, Kolter and Koltun, 2018) tell gestures by them. One more frame
/// costs one more step of each, since what was noted about the frames before is kept:
/// see ``StreamingState``. Its answer for a window is that for a stream which ends with the window.
package struct StreamingNetwork: ParameterContainer, Sendable {
  /// The convolutions over velocity, each followed by a pooling.
  var frames: [Convolution2D<Float>]

  /// What is noted about a frame.
  var embedding: Dense<Float>

  /// What looks at a frame as an image; nothing without range gates.
  package private(set) var images: ImageNetwork?

  /// The causal convolutions, as weighted sums of the steps that they look at.
  var temporal: [Dense<Float>]

  var output: Dense<Float>

  /// How far back the layers look.
  package let schedule: CausalSchedule

  /// What is dropped before the last layer while training.
  static let dropout = Dropout(rate: 0.3)

  /// The filters of each convolution over velocity.
  private static let filters = [16, 32]

  /// The channels of a frame that are seen over velocity alone, and those that make an image.
  private let quantities: Range<Int>
  private let gates: Range<Int>

  /// The numbers noted about a frame.
  static let width = 48

  /// Creates a network with random weights for frames of `grid`.
  package init(grid: FeatureGrid, classes: Int, seed: UInt64) {
    var generator = SeededGenerator(seed: seed)
    gates = grid.gateChannels
    quantities = 0..<gates.lowerBound
    var (channels, bins) = (quantities.count, grid.velocityBins)
    frames = []
    for filters in Self.filters {
      frames.append(
        Convolution2D(
          kernel: SIMD2(1, 3), channels: channels, filters: filters, using: &generator))
      (channels, bins) = (filters, max(bins / 2, 1))
    }
    embedding = Dense(inputs: bins * channels, outputs: Self.width, using: &generator)
    if !gates.isEmpty {
      images = ImageNetwork(
        size: SIMD2(grid.velocityBins, gates.count), width: Self.width, using: &generator)
    }
    schedule = CausalSchedule(steps: grid.steps)
    temporal = schedule.dilations.map { _ in
      Dense(inputs: CausalSchedule.width * Self.width, outputs: Self.width, using: &generator)
    }
    output = Dense(inputs: schedule.taps.count * Self.width, outputs: classes, using: &generator)
  }

  package mutating func visitParameters(_ body: (String, inout Tensor<Float>) -> Void) {
    frames.visitParameters { body("frames.\($0)", &$1) }
    embedding.visitParameters { body("embedding.\($0)", &$1) }
    images?.visitParameters { body("images.\($0)", &$1) }
    temporal.visitParameters { body("temporal.\($0)", &$1) }
    output.visitParameters { body("output.\($0)", &$1) }
  }

  /// What is noted about frames, `[window, step, velocityBin, channel]` to `[window, step, note]`.
  package func notes(of frames: Tensor<Float>) -> Tensor<Float> {
    var spectra = frames
    if !gates.isEmpty { spectra = frames.sliced(quantities, along: 3) }
    for layer in self.frames {
      spectra = layer.rectified(spectra, pooling: SIMD2(1, spectra.shape[2] > 1 ? 2 : 1))
    }
    let rows = frames.shape[0] * frames.shape[1]
    var notes = embedding(spectra.reshaped(to: [rows, spectra.count / rows]))
    if let images {
      // Each frame is a picture of its own.
      let pictures = frames.sliced(gates, along: 3)
        .reshaped(to: [rows, frames.shape[2], gates.count, 1])
      notes = notes + images(pictures)
    }
    return notes.rectified().reshaped(to: [frames.shape[0], frames.shape[1], Self.width])
  }

  /// What the last layer sees at the end of each of `windows`, `[window, feature]`.
  func memory(of windows: Tensor<Float>) -> Tensor<Float> {
    let (count, steps) = (windows.shape[0], windows.shape[1])
    let field = schedule.receptiveField
    // Steps stand beside each other like the pixels of a row.
    var notes = notes(of: windows.sliced(steps - field..<steps, along: 1))
      .reshaped(to: [count, 1, field, Self.width])
    for (layer, dilation) in zip(temporal, schedule.dilations) {
      let filter = layer.weight.reshaped(
        to: [1, CausalSchedule.width, Self.width, Self.width])
      let change = notes.convolved(
        with: filter, ConvolutionGeometry(dilation: SIMD2(1, dilation)))
      let first = notes.shape[2] - change.shape[2]
      notes =
        (change + layer.bias).rectified() + notes.sliced(first..<notes.shape[2], along: 2)
    }
    let last = notes.shape[2] - 1
    return notes.gathered(at: schedule.taps.map { last - $0 }, along: 2)
      .reshaped(to: [count, schedule.taps.count * Self.width])
  }

  /// The scores of each class for `windows` of shape `[window, step, velocityBin, channel]`.
  package func scores(of windows: Tensor<Float>) -> Tensor<Float> {
    scores(ofEmbeddings: memory(of: windows))
  }

  /// The scores of each class for what the last layer sees, `[window, feature]`.
  package func scores(ofEmbeddings embeddings: Tensor<Float>) -> Tensor<Float> {
    output(embeddings)
  }

  /// The scores while training, with features dropped at random.
  func trainingScores(
    of windows: Tensor<Float>, using generator: inout SeededGenerator
  ) -> Tensor<Float> {
    output(Self.dropout(memory(of: windows), using: &generator))
  }
}
