package import Autodiff
internal import Networks

/// What gestures that were learned from look like to a network, which tells how unlike all of them
/// something is.
///
/// A network that has learned to tell some gestures from each other and from background divides the
/// space of what its last layer sees, and gives names to regions in which it has seen nothing. The
/// distance to the nearest gesture that it has seen does not (Sun, Ming, Zhu and Li, 2022).
package struct RememberedGestures: Equatable, Sendable {
  /// What the last layer saw of each gesture, made as long as one, `[gesture, feature]`.
  package let directions: Tensor<Float>

  /// The same, `[feature, gesture]`, since turning them takes longer than comparing a window with them.
  private let columns: Tensor<Float>

  /// The most gestures that are remembered of each network.
  package static let limit = 500

  /// Remembers gestures.
  ///
  /// - Parameter embeddings: What the last layer saw of each, `[gesture, feature]`.
  /// - Precondition: There is a gesture.
  package init(embeddings: Tensor<Float>) {
    precondition(embeddings.rank == 2 && embeddings.count > 0, "there is nothing to remember")
    directions = Self.directions(of: embeddings)
    columns = directions.transposed()
  }

  /// Remembers what a network sees of the gestures in `examples`, or of some of them drawn at random if
  /// there are many, and `nil` if there are none or if the network sees none.
  ///
  /// - Parameters:
  ///   - examples: The gestures.
  ///   - grid: The axes of their windows.
  ///   - embedding: What the last layer sees of windows, `[window, feature]`, if there is such a layer.
  init?(
    _ examples: ExampleSet, grid: FeatureGrid, embedding: (Tensor<Float>) -> Tensor<Float>?
  ) {
    var generator = SeededGenerator(seed: 78)
    let shown = examples.gestures.shuffled(using: &generator).prefix(Self.limit)
    guard !shown.isEmpty else { return nil }
    var parts: [Tensor<Float>] = []
    for start in stride(from: 0, to: shown.count, by: 32) {
      let part = shown[start..<min(start + 32, shown.count)]
      let shape = [part.count, grid.steps, grid.velocityBins, grid.channels]
      let windows = Tensor(part.flatMap { examples.window(of: $0) }, shape: shape)
      guard let seen = embedding(windows) else { return nil }
      parts.append(seen)
    }
    self.init(embeddings: .concatenated(parts, along: 0))
  }

  /// Remembers what a file holds, and `nil` if these are no directions of `features` numbers.
  package init?(directions: Tensor<Float>, features: Int) {
    guard directions.rank == 2, directions.shape[0] > 0, directions.shape[1] == features,
      directions.elements.allSatisfy(\.isFinite)
    else { return nil }
    self.directions = directions
    columns = directions.transposed()
  }

  /// How unlike all remembered gestures something is: one minus the cosine of the angle to the
  /// nearest, from zero to one since no feature is negative.
  ///
  /// - Parameter embeddings: What the last layer sees, `[window, feature]`.
  /// - Returns: A number for each window.
  package func unlikeness(of embeddings: Tensor<Float>) -> [Double] {
    let cosines = Self.directions(of: embeddings).matrixProduct(columns)
    let width = cosines.shape[1]
    return stride(from: 0, to: cosines.count, by: width).map { start in
      1 - Double(cosines.elements[start..<start + width].max() ?? 0)
    }
  }

  /// Every row made as long as one; what is nothing has no direction, and stays nothing.
  private static func directions(of embeddings: Tensor<Float>) -> Tensor<Float> {
    let lengths = embeddings.squared().sum(over: [1]).squareRoot()
    return embeddings / (lengths.reshaped(to: [embeddings.shape[0], 1]) + 1e-12)
  }
}
