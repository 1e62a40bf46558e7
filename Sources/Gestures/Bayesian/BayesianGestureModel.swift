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

  /// The number by which scores are divided before they become probabilities.
  var temperature = 1.0

  var networks: [BayesianNetwork]

  /// The distribution of the last layer, if the method has one.
  var laplace: KroneckerLaplace?

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
  }

  /// Refuses a recording whose waveform the model cannot judge.
  ///
  /// - Throws: ``GestureError`` that says what was found and what was expected.
  public func check(_ recording: LabelledRecording) throws {
    guard waveforms.contains(recording.waveform) else {
      throw GestureError.otherWaveform(
        recording: recording.name, found: recording.waveform.summary,
        expected: waveforms.summary)
    }
    try grid.requireQuantities(of: recording.waveform, named: recording.name)
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
    scores(of: windows).map { draws in
      let answers = draws.map { gestureProbabilities($0) }
      return Answer(
        prediction: Prediction(
          labels: Array(labels.dropFirst()), probabilities: meanProbabilities(of: answers),
          unfamiliarity: unfamiliarity(of: draws)),
        uncertainty: PredictiveUncertainty(of: answers))
    }
  }

  /// How unlike every known gesture something looks: minus the logarithm of its mean probability to
  /// be any one of them, background among the alternatives, taken before calibration.
  private func unfamiliarity(of draws: [[Double]]) -> Double {
    let mean = meanProbabilities(of: draws.map { softmax($0, temperature: 1) })
    return -Double.log(max(mean.dropFirst().max() ?? 0, 1e-12))
  }

  /// The probabilities of the gestures, background being the first class and no candidate.
  func gestureProbabilities(_ scores: [Double]) -> [Double] {
    softmax(Array(scores.dropFirst()), temperature: temperature)
  }

  private func softmax(_ scores: [Double], temperature: Double) -> [Double] {
    let greatest = scores.max() ?? 0
    let powers = scores.map { Double.exp(($0 - greatest) / temperature) }
    let sum = powers.reduce(0, +)
    return powers.map { $0 / sum }
  }

  /// The scores of all classes in each draw, `[window][draw][class]`.
  func scores(of windows: [[Float]]) -> [[[Double]]] {
    var all: [[[Double]]] = []
    for start in stride(from: 0, to: windows.count, by: 32) {
      all += scores(ofBatch: Array(windows[start..<min(start + 32, windows.count)]))
    }
    return all
  }

  private func scores(ofBatch windows: [[Float]]) -> [[[Double]]] {
    let shape = [windows.count, grid.steps, grid.velocityBins, grid.channels]
    let input = Tensor(Array(windows.joined()), shape: shape)
    var draws = [[[Double]]](repeating: [], count: windows.count)
    for network in networks {
      let trunk = network.trunk(of: input)
      if let laplace {
        var chance = BayesianNetwork.Chance.none
        let embedding = network.embedding(of: trunk, chance: &chance)
        let scores = network.scores(of: embedding, chance: &chance)
        draw(around: scores, embedding: embedding, laplace: laplace, into: &draws)
        continue
      }
      for draw in 0..<method.draws {
        var chance: BayesianNetwork.Chance =
          method.draws > 1 ? .shared(SeededGenerator(seed: UInt64(draw) &+ 77)) : .none
        let embedding = network.embedding(
          of: trunk, dropping: method == .dropout ? .both : .none, chance: &chance)
        let scores = network.scores(of: embedding, chance: &chance)
        for row in windows.indices { draws[row].append(self.row(row, of: scores)) }
      }
    }
    return draws
  }

  private func draw(
    around scores: Tensor<Float>, embedding: Tensor<Float>, laplace: KroneckerLaplace,
    into draws: inout [[[Double]]]
  ) {
    var generator = SeededGenerator(seed: 77)
    let noise = (0..<method.draws).map { _ in
      Tensor<Double>.normal(shape: [labels.count], using: &generator).elements
    }
    let width = embedding.shape[1]
    for row in draws.indices {
      let variance = laplace.variance(
        of: embedding.elements[row * width..<(row + 1) * width])
      draws[row] += noise.map { noise in
        laplace.draw(around: self.row(row, of: scores), variance: variance, noise: noise)
      }
    }
  }

  private func row(_ row: Int, of scores: Tensor<Float>) -> [Double] {
    scores.elements[row * labels.count..<(row + 1) * labels.count].map(Double.init)
  }
}
