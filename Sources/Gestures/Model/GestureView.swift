internal import Autodiff
internal import RealModule

/// What a model makes of one window.
package struct GestureView: Equatable, Sendable {
  /// The score of every class.
  package var scores: [Float]

  /// How unlike all gestures that the model remembers it looks, and `nil` if it remembers none.
  package var unlikeness: Double?

  package init(scores: [Float], unlikeness: Double? = nil) {
    self.scores = scores
    self.unlikeness = unlikeness
  }

  /// The probability, before calibration, that it shows any of `classes`.
  func presence(of classes: [Int]) -> Double {
    let probabilities = softmax(scores, over: Array(scores.indices), temperature: 1)
    return classes.reduce(0) { $0 + probabilities[$1] }
  }
}

extension GestureModel {
  /// What the model makes of windows of features.
  ///
  /// - Parameters:
  ///   - windows: The windows.
  ///   - presence: How probable a gesture must be before a window is compared with those remembered,
  ///     which takes a quarter of the time.
  /// - Returns: What it makes of each.
  package func views(
    of windows: [[Float]], rememberingFrom presence: Double = 0
  ) -> [GestureView] {
    let input = batch(of: windows)
    guard let embeddings = network.embedding(of: input) else {
      return rows(of: network.scores(of: input)).map { GestureView(scores: $0) }
    }
    return views(ofEmbeddings: embeddings, rememberingFrom: presence)
  }

  /// What the model makes of `count` windows, which are made as they are needed.
  package func views(of count: Int, _ window: (Int) -> [Float]) -> [GestureView] {
    stride(from: 0, to: count, by: 64).flatMap { start in
      views(of: (start..<min(start + 64, count)).map(window))
    }
  }

  /// What the model makes of what its last layer sees, `[window, feature]`, compared with what is
  /// remembered where a gesture is as probable as `presence`.
  func views(
    ofEmbeddings embeddings: Tensor<Float>, rememberingFrom presence: Double = 0
  ) -> [GestureView] {
    var views = rows(of: network.scores(ofEmbeddings: embeddings)).map { GestureView(scores: $0) }
    let gestures = gestures
    let asked =
      presence <= 0
      ? Array(views.indices)
      : views.indices.filter { views[$0].presence(of: gestures) >= presence }
    guard let remembered, !asked.isEmpty else { return views }
    let seen =
      asked.count == views.count ? embeddings : embeddings.gathered(at: asked, along: 0)
    for (place, unlikeness) in zip(asked, remembered.unlikeness(of: seen)) {
      views[place].unlikeness = unlikeness
    }
    return views
  }

  /// How unlike every known gesture something looks, small for known ones.
  ///
  /// It is ``GestureView/unlikeness``, and where nothing is remembered, minus the logarithm of the
  /// probability to be any one gesture, taken before calibration, since a temperature only sharpens
  /// what is known.
  func unfamiliarity(of view: GestureView) -> Double {
    if let unlikeness = view.unlikeness { return unlikeness }
    return improbability(of: view)
  }

  /// Minus the logarithm of the probability to be any one gesture, before calibration.
  func improbability(of view: GestureView) -> Double {
    let probabilities = softmax(view.scores, over: Array(view.scores.indices), temperature: 1)
    let best = gestures.map { probabilities[$0] }.max()
    return -Double.log(max(best ?? 0, 1e-12))
  }

  private func batch(of windows: [[Float]]) -> Tensor<Float> {
    let shape = [windows.count, grid.steps, grid.velocityBins, grid.channels]
    return Tensor(Array(windows.joined()), shape: shape)
  }

  private func rows(of scores: Tensor<Float>) -> [[Float]] {
    let elements = scores.elements
    return stride(from: 0, to: elements.count, by: labels.count).map { start in
      Array(elements[start..<start + labels.count])
    }
  }

  /// Remembers what the network sees of the gestures in `examples`.
  mutating func remember(_ examples: ExampleSet) {
    let network = network
    remembered = RememberedGestures(examples, grid: grid) { network.embedding(of: $0) }
  }
}
