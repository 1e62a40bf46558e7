internal import Autodiff
public import Networks

/// A trained network together with everything it needs to know about the signal and its classes.
public struct GestureModel: Sendable {
  /// The name of the class that is no gesture.
  public static let backgroundLabel = "background"

  /// The version of the files that this code writes and reads.
  public static let formatVersion = 2

  /// The names of the classes, in the order of the network's scores.
  public let labels: [String]

  /// The axes on which the network sees motion.
  public let grid: FeatureGrid

  /// The waveforms that the model can judge.
  public let waveforms: WaveformFamily

  /// The usual duration of each class in seconds.
  let durations: [Double]

  /// Whether background was marked in the recordings learned from, so that a cut that someone marked
  /// may be background too.
  let marksBackground: Bool

  /// When events are told in a stream.
  var detection = EventDetector.Settings()

  /// What confidence means.
  var calibration = Calibration()

  /// What gestures that were learned from look like to the network; old models, and matchers of
  /// envelopes, remember none.
  var remembered: RememberedGestures?

  var network: GestureNetwork

  package init(
    labels: [String], grid: FeatureGrid, waveforms: WaveformFamily, durations: [Double],
    marksBackground: Bool, network: GestureNetwork
  ) {
    self.labels = labels
    self.grid = grid
    self.waveforms = waveforms
    self.durations = durations
    self.marksBackground = marksBackground
    self.network = network
  }

  /// The number of numbers that were learned.
  public var parameterCount: Int { network.parameterCount }

  /// Which kind of network learns in the model.
  public var networkKind: NetworkKind { network.kind }

  /// What the layers make of a window, or of one more step of a streaming network, and what they cost.
  public var summary: NetworkSummary { network.summary(for: grid) }

  /// The multiplications that judging one window takes, or one more step of a streaming network, each
  /// with its addition.
  public var multiplyAdds: Int { summary.multiplyAdds }
}

// MARK: - Answers

extension GestureModel {
  /// The class that is no gesture, as an index into the labels.
  var background: Int? { labels.firstIndex(of: Self.backgroundLabel) }

  /// The classes that are gestures, as indices into the labels.
  var gestures: [Int] { labels.indices.filter { $0 != background } }

  /// The classes that a cut which someone marked can have, as indices into the labels.
  var candidates: [Int] { labels.indices.filter { marksBackground || $0 != background } }

  /// The names of these classes.
  public var gestureLabels: [String] { candidates.map { labels[$0] } }

  /// What the view of a window says if it shows one of `classes`.
  func prediction(of view: GestureView, among classes: [Int]) -> Prediction {
    var probabilities = labels.map { _ in 0.0 }
    for (index, probability) in zip(
      classes, softmax(view.scores, over: classes, temperature: calibration.temperature))
    {
      probabilities[index] = probability
    }
    let unfamiliarity = unfamiliarity(of: view)
    let isBackground =
      background.map { probabilities[$0] == probabilities.max() } ?? false
    return Prediction(
      labels: labels, probabilities: probabilities, unfamiliarity: unfamiliarity,
      isUnknown: !isBackground && unfamiliarity > calibration.unfamiliarityLimit ?? .infinity)
  }

  /// What the model says of one window that someone marked.
  func prediction(for window: [Float]) -> Prediction {
    prediction(of: views(of: [window])[0], among: candidates)
  }

  /// The event that was found in a stream.
  func event(of finding: EventDetector.Finding) -> GestureEvent {
    GestureEvent(
      start: finding.start, end: finding.end,
      prediction: prediction(of: finding.view, among: gestures), damage: finding.damage,
      decided: finding.decided + grid.duration / 2)
  }

  /// The classes of which one is the true one with a probability of `coverage`: a conformal set
  /// (Vovk et al., 2005).
  ///
  /// - Parameters:
  ///   - prediction: What the model says of a gesture that someone marked.
  ///   - coverage: How often the true class shall be in the set, from zero to one.
  /// - Returns: The names, the most probable first, or `nil` if nothing was held out in training.
  public func conformalSet(of prediction: Prediction, coverage: Double) -> [String]? {
    calibration.nonconformityLimit(coverage: coverage).map { limit in
      prediction.probabilities.filter { 1 - $0.value <= limit }
        .sorted { ($0.value, $1.key) > ($1.value, $0.key) }.map(\.key)
    }
  }
}

// MARK: - Files

extension GestureModel {
  /// What the remembered gestures are called in a file.
  private static let memoryName = "remembered"

  private static let format = ModelFormat(
    name: "doppler-gestures", version: formatVersion, content: "a gesture model")

  /// What a model file notes beside the weights.
  private struct Notes: ModelDescription {
    var labels: [String]
    var durations: [Double]
    var grid: FeatureGrid
    var waveforms: WaveformFamily
    var marksBackground: Bool
    var detection: EventDetector.Settings
    var calibration: Calibration

    /// Which kind of network it is, if not a time–frequency one.
    var network: NetworkKind?

    var isSound: Bool {
      grid.isSound && waveforms.isSound && !labels.isEmpty && Set(labels).count == labels.count
        && durations.count == labels.count && calibration.temperature > 0
    }
  }

  /// Reads the model at `path`.
  ///
  /// - Throws: An error that says in one sentence why the file is not a model of ours.
  public init(path: String) throws { try self.init(file: SafeTensors(path: path)) }

  /// Reads a model from the bytes of a file.
  ///
  /// - Throws: An error that says in one sentence why these are not a model of ours.
  public init(bytes: [UInt8]) throws { try self.init(file: SafeTensors(bytes: bytes)) }

  /// Writes the model to `path`, which holds either what it held before or the whole model.
  ///
  /// - Throws: An error that says in one sentence why it cannot be written.
  public func write(to path: String) throws {
    let notes = Notes(
      labels: labels, durations: durations, grid: grid, waveforms: waveforms,
      marksBackground: marksBackground, detection: detection, calibration: calibration,
      network: networkKind == .timeFrequency ? nil : networkKind)
    let memory = remembered.map { [(name: Self.memoryName, value: $0.directions)] } ?? []
    try Self.format.file(describing: notes, weights: network.parameters + memory).write(to: path)
  }

  private init(file: SafeTensors) throws {
    let notes: Notes = try Self.format.description(in: file)
    let network = try GestureNetwork(
      notes.network ?? .timeFrequency, grid: notes.grid, classes: notes.labels.count,
      tensors: file.tensors)
    self.init(
      labels: notes.labels, grid: notes.grid, waveforms: notes.waveforms,
      durations: notes.durations, marksBackground: notes.marksBackground, network: network)
    detection = notes.detection
    calibration = notes.calibration
    guard let directions = file.tensors[Self.memoryName] else { return }
    remembered = network.embeddingWidth.flatMap {
      RememberedGestures(directions: directions, features: $0)
    }
    guard remembered != nil else {
      throw GestureError.badModel("the gestures that it remembers are damaged")
    }
  }
}
