package import Autodiff
package import Networks

/// What learns in a model.
public enum NetworkKind: String, CaseIterable, Codable, Hashable, Sendable {
  /// A network that reads a window of time and velocity like an image: see
  /// <doc:TheTimeFrequencyNetwork>.
  case timeFrequency = "time-frequency"

  /// A network that looks at every frame once and remembers what it saw: see
  /// <doc:TheStreamingNetwork>.
  case streaming

  /// No network: the nearest envelope among those seen.
  case envelope = "envelope-knn"
}

/// What learns in a model, of any kind.
package enum GestureNetwork: ParameterContainer, Sendable {
  case timeFrequency(TimeFrequencyNetwork)
  case streaming(StreamingNetwork)
  case envelope(EnvelopeMatcher)

  /// A network with random weights for windows of `grid`, or a matcher that has seen nothing.
  package init(_ kind: NetworkKind, grid: FeatureGrid, classes: Int, seed: UInt64) {
    self =
      switch kind {
      case .timeFrequency:
        .timeFrequency(TimeFrequencyNetwork(grid: grid, classes: classes, seed: seed))
      case .streaming: .streaming(StreamingNetwork(grid: grid, classes: classes, seed: seed))
      case .envelope: .envelope(EnvelopeMatcher(grid: grid, classes: classes))
      }
  }

  /// Which kind this is.
  var kind: NetworkKind {
    switch self {
    case .timeFrequency: .timeFrequency
    case .streaming: .streaming
    case .envelope: .envelope
    }
  }

  package mutating func visitParameters(_ body: (String, inout Tensor<Float>) -> Void) {
    switch self {
    case .timeFrequency(var network):
      network.visitParameters(body)
      self = .timeFrequency(network)
    case .streaming(var network):
      network.visitParameters { body("streaming.\($0)", &$1) }
      self = .streaming(network)
    case .envelope(var matcher):
      matcher.visitParameters { body("envelope.\($0)", &$1) }
      self = .envelope(matcher)
    }
  }

  /// The scores of each class for `windows` of shape `[window, step, velocityBin, channel]`.
  func scores(of windows: Tensor<Float>) -> Tensor<Float> {
    switch self {
    case .timeFrequency(let network): network.scores(of: windows)
    case .streaming(let network): network.scores(of: windows)
    case .envelope(let matcher): matcher.scores(of: windows)
    }
  }

  /// What the last layer sees of windows, `[window, feature]`, and `nil` where there is none.
  func embedding(of windows: Tensor<Float>) -> Tensor<Float>? {
    switch self {
    case .timeFrequency(let network): network.embedding(of: windows)
    case .streaming(let network): network.memory(of: windows)
    case .envelope: nil
    }
  }

  /// The scores of each class for what the last layer sees.
  ///
  /// - Precondition: There is a last layer.
  func scores(ofEmbeddings embeddings: Tensor<Float>) -> Tensor<Float> {
    switch self {
    case .timeFrequency(let network): network.output(embeddings)
    case .streaming(let network): network.scores(ofEmbeddings: embeddings)
    case .envelope: preconditionFailure("a matcher of envelopes has no last layer")
    }
  }

  /// The numbers that the last layer sees, and `nil` where there is none.
  var embeddingWidth: Int? {
    switch self {
    case .timeFrequency(let network): network.output.weight.shape[0]
    case .streaming(let network): network.output.weight.shape[0]
    case .envelope: nil
    }
  }

  /// The scores while training, with features dropped at random.
  func trainingScores(
    of windows: Tensor<Float>, using generator: inout SeededGenerator
  ) -> Tensor<Float> {
    switch self {
    case .timeFrequency(let network): network.trainingScores(of: windows, using: &generator)
    case .streaming(let network): network.trainingScores(of: windows, using: &generator)
    case .envelope(let matcher): matcher.scores(of: windows)
    }
  }

  /// What the layers make of a window, or of one more step of a stream, and what they cost.
  package func summary(for grid: FeatureGrid) -> NetworkSummary {
    switch self {
    case .timeFrequency(let network): network.summary(for: grid)
    case .streaming(let network): network.summary(for: grid)
    case .envelope(let matcher): matcher.summary(for: grid)
    }
  }

  /// Changes the network if it is a time–frequency one.
  mutating func withTimeFrequency(_ body: (inout TimeFrequencyNetwork) -> Void) {
    guard case .timeFrequency(var network) = self else { return }
    body(&network)
    self = .timeFrequency(network)
  }

  /// Takes over the weights of `other` where there are such weights here.
  ///
  /// - Parameters:
  ///   - other: A network of the same kind, perhaps of other classes.
  ///   - answers: Whether the weights of the last layer are taken over too: the classes must be the
  ///     same then.
  mutating func adopt(_ other: GestureNetwork, answers: Bool) {
    let weights = Dictionary(
      other.parameters.map { ($0.name, $0.value) }, uniquingKeysWith: { first, _ in first })
    visitParameters { name, parameter in
      guard let weight = weights[name], weight.shape == parameter.shape,
        answers || !name.contains("output.")
      else { return }
      parameter = weight
    }
  }
}

extension GestureNetwork {
  /// The network whose weights are among `tensors`.
  ///
  /// - Throws: ``GestureError/badModel(_:)`` if one is missing or damaged.
  init(
    _ kind: NetworkKind, grid: FeatureGrid, classes: Int, tensors: [String: Tensor<Float>]
  ) throws {
    switch kind {
    case .timeFrequency:
      // Pruned networks have fewer filters, and say so by their shapes.
      let filters = zip(["first", "second", "third"], TimeFrequencyNetwork.filters).map {
        name, most in min(max(tensors["\(name).bias"]?.count ?? most, 1), most)
      }
      self = .timeFrequency(
        TimeFrequencyNetwork(grid: grid, classes: classes, filters: filters, seed: 0))
    case .envelope:
      let count = tensors["envelope.classes"]?.count ?? 0
      self = .envelope(EnvelopeMatcher(grid: grid, classes: classes, count: count))
    case .streaming: self.init(kind, grid: grid, classes: classes, seed: 0)
    }
    try load(from: tensors)
    if case .envelope(let matcher) = self, !matcher.isSound {
      throw GestureError.badModel("its envelopes belong to classes that it does not have")
    }
  }
}
