internal import Autodiff
internal import Networks
internal import RealModule

/// A committee of trained networks that names gestures by the points a radar saw.
public struct PointGraphModel: Sendable {
  /// The version of the files that this code writes and reads.
  public static let formatVersion = 2

  /// The names of the classes, in the order of the network's scores.
  public let labels: [String]

  /// The number by which the logarithms of probabilities are divided, so that confidence means what
  /// it says.
  var temperature = 1.0

  /// The networks, of one shape, whose mean is the answer.
  var networks: [PointGraphNetwork]

  init(labels: [String], networks: [PointGraphNetwork]) {
    self.labels = labels
    self.networks = networks
  }

  /// The number of numbers that were learned.
  public var parameterCount: Int { networks.map(\.parameterCount).reduce(0, +) }

  /// How often a gesture with more points than the network looks at is judged, each time by other
  /// points; the answer is the mean.
  static let looks = 5

  /// What gesture the points show.
  ///
  /// - Parameter sequence: The points of one gesture, in any order.
  /// - Returns: The prediction, and `nil` if there is no point.
  public func prediction(for sequence: PointSequence) -> Prediction? {
    logProbabilities(of: sequence.points).map { logarithms in
      let classes = Array(labels.indices)
      return Prediction(
        labels: labels,
        probabilities: softmax(logarithms, over: classes, temperature: temperature))
    }
  }

  /// The logarithms of the probabilities of all classes before calibration, and `nil` without a
  /// point: the mean over all networks and looks.
  func logProbabilities(of points: [RadarPoint]) -> [Float]? {
    let points = points.filter(\.isSound)
    guard !points.isEmpty, let shape = networks.first?.shape else { return nil }
    var generator = SeededGenerator(seed: 0x5EED)
    var batch = PointBatch(shape: shape)
    for _ in 0..<(points.count > shape.points ? Self.looks : 1) {
      batch.append(sample(points, count: shape.points, using: &generator))
    }
    var means = [Float](repeating: 0, count: labels.count)
    for network in networks {
      let mean = network.scores(of: batch).softmax().mean(over: [0]).elements
      for place in means.indices { means[place] += mean[place] / Float(networks.count) }
    }
    return means.map { .log(max($0, 1e-12)) }
  }
}

// MARK: - Files

extension PointGraphModel {
  private static let format = ModelFormat(
    name: "doppler-gestures-points", version: formatVersion, content: "a network for points")

  /// What a model file notes beside the weights.
  private struct Notes: ModelDescription {
    var labels: [String]
    var shape: PointGraphShape
    var members: Int
    var temperature: Double

    var isSound: Bool {
      shape.isSound && !labels.isEmpty && Set(labels).count == labels.count
        && (1...100).contains(members) && temperature > 0
    }
  }

  /// Whether the file at `path` says that it is a model for points.
  public static func isPointGraphModel(path: String) -> Bool {
    format.isFormat(ofFile: path)
  }

  /// Reads the model at `path`.
  ///
  /// - Throws: An error that says in one sentence why the file is not a model for points.
  public init(path: String) throws { try self.init(file: SafeTensors(path: path)) }

  /// Reads a model from the bytes of a file.
  ///
  /// - Throws: An error that says in one sentence why these are not a model for points.
  public init(bytes: [UInt8]) throws { try self.init(file: SafeTensors(bytes: bytes)) }

  /// Writes the model to `path`, which holds either what it held before or the whole model.
  ///
  /// - Throws: An error that says in one sentence why it cannot be written.
  public func write(to path: String) throws {
    let notes = Notes(
      labels: labels, shape: networks.first?.shape ?? PointGraphShape(), members: networks.count,
      temperature: temperature)
    try Self.format.file(describing: notes, weights: networks.parameters).write(to: path)
  }

  private init(file: SafeTensors) throws {
    let notes: Notes = try Self.format.description(in: file)
    var generator = SeededGenerator(seed: 0)
    var networks = (0..<notes.members).map { _ in
      PointGraphNetwork(shape: notes.shape, classes: notes.labels.count, using: &generator)
    }
    try networks.load(from: file.tensors)
    self.init(labels: notes.labels, networks: networks)
    temperature = notes.temperature
  }
}
