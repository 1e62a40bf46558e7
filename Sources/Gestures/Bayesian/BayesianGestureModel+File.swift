internal import Autodiff
internal import Networks

extension BayesianGestureModel {
  /// The version of the files that this code writes and reads.
  public static let formatVersion = 2

  private static let format = ModelFormat(
    name: "doppler-gestures-bayesian", version: formatVersion,
    content: "a distribution over networks")

  /// What a model file notes beside the weights.
  private struct Notes: ModelDescription {
    var labels: [String]
    var grid: FeatureGrid
    var waveforms: WaveformFamily
    var durations: [Double]
    var method: BayesianMethod
    var members: Int
    var temperature: Double

    /// Files of older models do not say.
    var detection: EventDetector.Settings?

    /// Nor do they say this.
    var unfamiliarityLimit: Double?

    var isSound: Bool {
      grid.isSound && waveforms.isSound && labels.count > 1 && Set(labels).count == labels.count
        && labels.first == GestureModel.backgroundLabel && durations.count == labels.count
        && durations.allSatisfy { (0...3600).contains($0) } && (1...100).contains(members)
        && temperature > 0 && unfamiliarityLimit ?? 0 >= 0
    }
  }

  /// Whether the file at `path` says that it is a Bayesian model.
  public static func isBayesianModel(path: String) -> Bool {
    format.isFormat(ofFile: path)
  }

  /// Reads the model at `path`.
  ///
  /// - Throws: An error that says in one sentence why the file is not a Bayesian model of ours.
  public init(path: String) throws { try self.init(file: SafeTensors(path: path)) }

  /// Reads a model from the bytes of a file.
  ///
  /// - Throws: An error that says in one sentence why these are not a Bayesian model of ours.
  public init(bytes: [UInt8]) throws { try self.init(file: SafeTensors(bytes: bytes)) }

  /// Writes the model to `path`, which holds either what it held before or the whole model.
  ///
  /// - Throws: An error that says in one sentence why it cannot be written.
  public func write(to path: String) throws {
    let notes = Notes(
      labels: labels, grid: grid, waveforms: waveforms, durations: durations, method: method,
      members: networks.count, temperature: calibration.temperature, detection: detection,
      unfamiliarityLimit: unfamiliarityLimit)
    var file = try Self.format.file(describing: notes, weights: networks.parameters)
    if let laplace {
      file.tensors["laplace.input"] = laplace.inputFactor
      file.tensors["laplace.output"] = laplace.outputFactor
    }
    for (index, memory) in remembered.enumerated() {
      file.tensors["remembered.\(index)"] = memory.directions
    }
    try file.write(to: path)
  }

  private init(file: SafeTensors) throws {
    let notes: Notes = try Self.format.description(in: file)
    let blank = BayesianNetwork(
      TimeFrequencyNetwork(grid: notes.grid, classes: notes.labels.count, seed: 0),
      isVariational: notes.method == .variational)
    var networks = Array(repeating: blank, count: notes.members)
    try networks.load(from: file.tensors)
    self.init(
      labels: notes.labels, grid: notes.grid, waveforms: notes.waveforms,
      durations: notes.durations, method: notes.method, networks: networks)
    calibration.temperature = notes.temperature
    detection = notes.detection ?? detection
    unfamiliarityLimit = notes.unfamiliarityLimit
    let features = networks[0].base.output.weight.shape[0]
    let memories = networks.indices.compactMap { file.tensors["remembered.\($0)"] }
    remembered = memories.compactMap { RememberedGestures(directions: $0, features: features) }
    guard [0, networks.count].contains(memories.count), remembered.count == memories.count else {
      throw GestureError.badModel("what it remembers of gestures is damaged")
    }
    guard notes.method == .laplace else { return }
    guard let input = file.tensors["laplace.input"], let output = file.tensors["laplace.output"],
      let laplace = KroneckerLaplace(inputFactor: input, outputFactor: output),
      laplace.inputCount == networks[0].base.output.weight.shape[0],
      laplace.classCount == notes.labels.count
    else { throw GestureError.badModel("the distribution of its last layer is damaged") }
    self.laplace = laplace
  }
}
