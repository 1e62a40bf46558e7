internal import Autodiff
internal import Networks

/// What models say of gestures that they have not learned from, so that a model learns what its
/// confidence means, and how much was believed before anything was learned.
struct BayesianCalibration {
  private let method: BayesianMethod

  /// The gestures, for each precision to choose from, or once.
  private var heldOut: [[(mean: [Double], truth: Int)]]

  /// How unfamiliar gestures look that are varied.
  private var unfamiliarity: [Double] = []

  /// The precisions of the weights before anything was learned that are tried.
  private static let precisions = [0.1, 1, 10, 100, 1000]

  /// Which of them is taken if nothing was held out.
  private static let usualPlace = 1

  init(method: BayesianMethod) {
    self.method = method
    heldOut = Array(repeating: [], count: method == .laplace ? Self.precisions.count : 1)
  }

  /// Adds what `model` says of gestures.
  ///
  /// - Parameters:
  ///   - examples: The gestures.
  ///   - model: A model of one network, or of several if that to calibrate has several, none of which
  ///     learned from them.
  ///   - learned: What it has learned from.
  mutating func add(
    _ examples: ExampleSet, judgedBy model: BayesianGestureModel, learnedFrom learned: ExampleSet
  ) {
    guard !examples.gestures.isEmpty, !learned.gestures.isEmpty else { return }
    var knowing = model
    knowing.remember(learned)
    var varied = VariedGestures(of: examples)
    unfamiliarity += knowing.unlikeness(of: varied.count) { varied.window(of: $0) }
    let windows = examples.gestures.map { examples.window(of: $0) }
    let moments = model.curvature(over: learned)
    for index in heldOut.indices {
      var model = model
      model.laplace = moments.map { KroneckerLaplace($0, precision: Self.precisions[index]) }
      for (view, example) in zip(model.views(of: windows), examples.gestures) {
        // Background comes first among the labels, and is none of the gestures.
        heldOut[index].append((model.meanGestureProbabilities(of: view.draws), example.label - 1))
      }
    }
  }

  /// Tells `model` what was learned about its confidence.
  func finish(_ model: inout BayesianGestureModel, learnedFrom learned: ExampleSet) {
    let fits = heldOut.map { MeanCalibration(of: $0) }
    let best = fits.indices.min { fits[$0].loss < fits[$1].loss } ?? 0
    model.calibration = fits[best]
    model.unfamiliarityLimit = Calibration.unfamiliarityLimit(among: unfamiliarity)
    let chosen = heldOut[best].isEmpty ? Self.usualPlace : best
    model.laplace = model.curvature(over: learned).map {
      KroneckerLaplace($0, precision: Self.precisions[chosen])
    }
  }
}

extension BayesianGestureModel {
  /// The curvature of the loss around the last layer of the first network, and `nil` if the method
  /// does not ask for it.
  ///
  /// Background counts as much as gestures do, as it does in training.
  fileprivate func curvature(over examples: ExampleSet) -> KroneckerLaplace.Curvature? {
    guard method == .laplace, let network = networks.first else { return nil }
    var generator = SeededGenerator(seed: 77)
    let background = examples.background.shuffled(using: &generator)
    let shown = examples.gestures + background.prefix(examples.gestures.count)
    var curvature = KroneckerLaplace.Curvature()
    for start in stride(from: 0, to: shown.count, by: 32) {
      let part = shown[start..<min(start + 32, shown.count)]
      let shape = [part.count, grid.steps, grid.velocityBins, grid.channels]
      var chance = BayesianNetwork.Chance.none
      let embedding = network.meanEmbedding(
        of: network.trunk(of: Tensor(part.flatMap { examples.window(of: $0) }, shape: shape)))
      curvature.add(
        inputs: embedding,
        probabilities: network.scores(of: embedding, chance: &chance).softmax())
    }
    return curvature
  }
}
