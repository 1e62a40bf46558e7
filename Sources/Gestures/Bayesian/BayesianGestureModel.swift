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

  /// How unfamiliar a gesture may look before the answer is `unknown`, if that was learned.
  package internal(set) var unfamiliarityLimit: Double?

  /// When the first network, with the means of its weights, tells an event.
  package internal(set) var detection = EventDetector.Settings()

  var networks: [BayesianNetwork]

  /// The distribution of the last layer, if the method has one.
  var laplace: KroneckerLaplace?

  /// What gestures that were learned from look like to each network; files of older models hold none.
  var remembered: [RememberedGestures] = []

  /// Creates a model of `networks` for what `blank` is for.
  init(_ blank: GestureModel, method: BayesianMethod, networks: [BayesianNetwork]) {
    self.init(
      labels: blank.labels, grid: blank.grid, waveforms: blank.waveforms,
      durations: blank.durations, method: method, networks: networks)
  }

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
          unfamiliarity: view.unlikeness ?? improbability(of: view.draws),
          isUnknown: view.unlikeness.map(isUnknown) ?? false),
        uncertainty: PredictiveUncertainty(of: drawn, calibratedMean: mean))
    }
  }

  /// Whether something as unlike what was learned is none of it.
  func isUnknown(_ unlikeness: Double) -> Bool { unlikeness > unfamiliarityLimit ?? .infinity }

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
