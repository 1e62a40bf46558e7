internal import Autodiff
public import Networks
internal import Radar
internal import RealModule

/// Networks that name gestures and know how sure they are, each answer being a mean over draws from
/// what was learned.
public struct BayesianGestureModel: Sendable {
  /// The names of the classes, in the order of the networks' scores.
  public let labels: [String]

  /// The axes on which the networks see motion.
  public let grid: FeatureGrid

  /// The waveforms that the model can judge.
  public let waveforms: WaveformFamily

  /// The usual duration of each class in seconds.
  let durations: [Double]

  /// How the distribution was learned.
  public let method: BayesianMethod

  /// How sure the mean of the draws has to be made.
  var calibration = MeanCalibration()

  var networks: [BayesianNetwork]

  /// The distribution of the last layer, if the method has one.
  var laplace: KroneckerLaplace?

  /// What gestures that were learned from look like to each network; files of older models hold none.
  var remembered: [RememberedGestures] = []

  init(
    labels: [String], grid: FeatureGrid, waveforms: WaveformFamily, durations: [Double],
    method: BayesianMethod, networks: [BayesianNetwork]
  ) {
    self.labels = labels
    self.grid = grid
    self.waveforms = waveforms
    self.durations = durations
    self.method = method
    self.networks = networks
  }

  /// The number of numbers that were learned.
  public var parameterCount: Int {
    networks.map(\.parameterCount).reduce(0, +)
      + (laplace.map { $0.inputFactor.count + $0.outputFactor.count } ?? 0)
      + remembered.map(\.directions.count).reduce(0, +)
  }

  /// Refuses a recording whose waveform the model cannot judge.
  ///
  /// - Throws: ``GestureError`` that says what was found and what was expected.
  public func check(_ recording: LabelledRecording) throws {
    try waveforms.require(recording.waveform, grid: grid, named: recording.name)
  }

  /// What the model says of one gesture.
  public struct Answer: Sendable {
    /// The mean of the answers of all draws.
    public var prediction: Prediction

    /// How sure the draws are, and how much they agree.
    public var uncertainty: PredictiveUncertainty
  }

  /// What the model says of the gestures in windows of features, `[step, velocityBin, channel]` each.
  ///
  /// Someone marked them, so they are gestures: background is not among the answers.
  func answers(to windows: [[Float]]) -> [Answer] {
    views(of: windows).map { view in
      let drawn = view.draws.map { softmax($0.dropFirst()) }
      let mean = calibration.calibrated(meanProbabilities(of: drawn))
      return Answer(
        prediction: Prediction(
          labels: Array(labels.dropFirst()), probabilities: mean,
          unfamiliarity: view.unlikeness ?? improbability(of: view.draws)),
        uncertainty: PredictiveUncertainty(of: drawn, calibratedMean: mean))
    }
  }

  /// How unfamiliar something looks to a model that remembers nothing: minus the logarithm of its
  /// mean probability to be any known gesture, background among the alternatives, taken before
  /// calibration.
  private func improbability(of draws: [[Double]]) -> Double {
    let mean = meanProbabilities(of: draws.map { softmax($0[...]) })
    return -Double.log(max(mean.dropFirst().max() ?? 0, 1e-12))
  }

  /// The mean probabilities of the gestures over draws before calibration, background being the first
  /// class and no candidate.
  func meanGestureProbabilities(of draws: [[Double]]) -> [Double] {
    meanProbabilities(of: draws.map { softmax($0.dropFirst()) })
  }

  /// What the networks make of one window.
  struct View {
    /// The scores of all classes in each draw, `[draw][class]`.
    var draws: [[Double]]

    /// How unlike what was learned from it looks, the mean over the networks, if they remember any.
    var unlikeness: Double?
  }

  /// What the networks make of windows.
  func views(of windows: [[Float]]) -> [View] {
    stride(from: 0, to: windows.count, by: 32).flatMap { start in
      views(ofBatch: Array(windows[start..<min(start + 32, windows.count)]))
    }
  }

  private func views(ofBatch windows: [[Float]]) -> [View] {
    let shape = [windows.count, grid.steps, grid.velocityBins, grid.channels]
    let input = Tensor(Array(windows.joined()), shape: shape)
    var views = [View](repeating: View(draws: []), count: windows.count)
    for (member, network) in networks.enumerated() {
      let trunk = network.trunk(of: input)
      let embedding = network.meanEmbedding(of: trunk)
      if remembered.indices.contains(member) {
        for (row, part) in remembered[member].unlikeness(of: embedding).enumerated() {
          views[row].unlikeness = (views[row].unlikeness ?? 0) + part / Double(networks.count)
        }
      }
      switch method {
      case .ensemble: draw(network, of: embedding, into: &views)
      case .laplace: draw(network, around: embedding, into: &views)
      case .variational, .dropout: drawLayers(of: network, on: trunk, into: &views)
      }
    }
    return views
  }

  /// Adds the scores of one network as they are.
  private func draw(
    _ network: BayesianNetwork, of embedding: Tensor<Float>, into views: inout [View]
  ) {
    var chance = BayesianNetwork.Chance.none
    let scores = network.scores(of: embedding, chance: &chance)
    for row in views.indices { views[row].draws.append(self.row(row, of: scores)) }
  }

  /// Adds the scores under several draws of the last two layers, the same for all windows.
  private func drawLayers(
    of network: BayesianNetwork, on trunk: Tensor<Float>, into views: inout [View]
  ) {
    for draw in 0..<method.draws {
      var chance = BayesianNetwork.Chance.shared(SeededGenerator(seed: UInt64(draw) &+ 77))
      let embedding = network.embedding(
        of: trunk, dropping: method == .dropout ? .both : .none, chance: &chance)
      let scores = network.scores(of: embedding, chance: &chance)
      for row in views.indices { views[row].draws.append(self.row(row, of: scores)) }
    }
  }

  /// Adds scores drawn around those of a network after the distribution of its last layer.
  private func draw(
    _ network: BayesianNetwork, around embedding: Tensor<Float>, into views: inout [View]
  ) {
    guard let laplace else { return draw(network, of: embedding, into: &views) }
    var chance = BayesianNetwork.Chance.none
    let scores = network.scores(of: embedding, chance: &chance)
    var generator = SeededGenerator(seed: 77)
    let noise = (0..<method.draws).map { _ in
      Tensor<Double>.normal(shape: [labels.count], using: &generator).elements
    }
    let width = embedding.shape[1]
    for row in views.indices {
      let variance = laplace.variance(
        of: embedding.elements[row * width..<(row + 1) * width])
      views[row].draws += noise.map { noise in
        laplace.draw(around: self.row(row, of: scores), variance: variance, noise: noise)
      }
    }
  }

  private func row(_ row: Int, of scores: Tensor<Float>) -> [Double] {
    scores.elements[row * labels.count..<(row + 1) * labels.count].map(Double.init)
  }
}

extension BayesianGestureModel {
  /// Remembers what each network sees of the gestures in `examples`.
  mutating func remember(_ examples: ExampleSet) {
    remembered = networks.compactMap { network in
      RememberedGestures(examples, grid: grid) { windows in
        network.meanEmbedding(of: network.trunk(of: windows))
      }
    }
  }
}
