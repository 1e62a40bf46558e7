internal import Autodiff
internal import Networks

#if canImport(FoundationEssentials)
  internal import FoundationEssentials
#else
  internal import Foundation
#endif

/// A trained network that names gestures by the points a radar saw.
public struct PointGraphModel: Sendable {
  /// The version of the files that this code writes and reads.
  public static let formatVersion = 1

  /// The names of the classes, in the order of the network's scores.
  public let labels: [String]

  /// The number by which scores are divided before they become probabilities.
  var temperature: Double

  var network: PointGraphNetwork

  init(labels: [String], temperature: Double, network: PointGraphNetwork) {
    self.labels = labels
    self.temperature = temperature
    self.network = network
  }

  /// The number of numbers that were learned.
  public var parameterCount: Int { network.parameterCount }

  /// How often a gesture with more points than the network looks at is judged, each time by other
  /// points; the answer is the mean.
  static let looks = 5

  /// What gesture the points show.
  ///
  /// - Parameter sequence: The points of one gesture, in any order.
  /// - Returns: The prediction, and `nil` if there is no point.
  public func prediction(for sequence: PointSequence) -> Prediction? {
    let points = sequence.points.filter(\.isSound)
    guard !points.isEmpty else { return nil }
    let shape = network.shape
    var generator = SeededGenerator(seed: 0x5EED)
    var batch = PointBatch(shape: shape)
    for _ in 0..<(points.count > shape.points ? Self.looks : 1) {
      batch.append(sample(points, count: shape.points, using: &generator))
    }
    let scores = network.scores(of: batch) / Float(temperature)
    let mean = scores.softmax().mean(over: [0]).elements.map(Double.init)
    return Prediction(labels: labels, probabilities: mean)
  }
}

// MARK: - Files

extension PointGraphModel {
  private static let format = "doppler-gestures-points"

  /// What a model file notes beside the weights.
  private struct Notes: Codable {
    var labels: [String]
    var shape: PointGraphShape
    var temperature: Double
  }

  /// Whether the file at `path` says that it is a model for points.
  public static func isPointGraphModel(path: String) -> Bool {
    (try? SafeTensors(path: path))?.notes["format"] == format
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
    let notes = Notes(labels: labels, shape: network.shape, temperature: temperature)
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    let text = String(decoding: try encoder.encode(notes), as: UTF8.self)
    let tensors = network.parameters.map { ($0.name, $0.value) }
    try SafeTensors(
      tensors: Dictionary(tensors, uniquingKeysWith: { first, _ in first }),
      notes: ["format": Self.format, "format_version": "\(Self.formatVersion)", "model": text]
    ).write(to: path)
  }

  private init(file: SafeTensors) throws {
    guard file.notes["format"] == Self.format, let text = file.notes["model"] else {
      throw GestureError.badModel("it does not hold a network for points")
    }
    guard file.notes["format_version"] == "\(Self.formatVersion)" else {
      throw GestureError.badModel(
        "its format version is \(file.notes["format_version"] ?? "missing"), and this program"
          + " reads version \(Self.formatVersion)")
    }
    guard let notes = try? JSONDecoder().decode(Notes.self, from: Data(text.utf8)),
      notes.shape.isSound, !notes.labels.isEmpty, Set(notes.labels).count == notes.labels.count,
      notes.temperature > 0
    else { throw GestureError.badModel("its description is damaged") }
    var generator = SeededGenerator(seed: 0)
    var network = PointGraphNetwork(
      shape: notes.shape, classes: notes.labels.count, using: &generator)
    var complaint: String?
    network.visitParameters { name, parameter in
      guard let tensor = file.tensors[name], tensor.shape == parameter.shape,
        tensor.elements.allSatisfy(\.isFinite)
      else {
        complaint = complaint ?? "tensor \(name) is missing or damaged"
        return
      }
      parameter = tensor
    }
    if let complaint { throw GestureError.badModel(complaint) }
    self.init(labels: notes.labels, temperature: notes.temperature, network: network)
  }
}
