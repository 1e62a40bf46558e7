internal import Autodiff
internal import Networks
internal import Radar

#if canImport(FoundationEssentials)
  internal import FoundationEssentials
#else
  internal import Foundation
#endif

/// A trained network together with everything it needs to know about the signal and its classes.
public struct GestureModel: Sendable {
  /// The name of the class that is no gesture.
  public static let backgroundLabel = "background"

  /// The version of the files that this code writes and reads.
  public static let formatVersion = 1

  /// The names of the classes, in the order of the network's scores.
  public let labels: [String]

  /// The axes on which the network sees motion.
  public let grid: FeatureGrid

  /// The waveforms that the model can judge.
  public let waveforms: WaveformFamily

  /// The usual duration of each class in seconds.
  let durations: [Double]

  /// When events are told in a stream.
  var detection: EventDetector.Settings

  /// The number by which scores are divided before they become probabilities, so that confidence
  /// means what it says (Guo et al., 2017).
  var temperature: Double

  var network: GestureNetwork

  init(
    labels: [String], grid: FeatureGrid, waveforms: WaveformFamily, durations: [Double],
    detection: EventDetector.Settings, temperature: Double, network: GestureNetwork
  ) {
    self.labels = labels
    self.grid = grid
    self.waveforms = waveforms
    self.durations = durations
    self.detection = detection
    self.temperature = temperature
    self.network = network
  }

  /// The number of numbers that were learned.
  public var parameterCount: Int { network.parameterCount }

  /// The probabilities of the classes for windows of features, `[window][class]`.
  func probabilities(of windows: [[Float]]) -> [[Double]] {
    let shape = [windows.count, grid.steps, grid.velocityBins, grid.channels]
    let scores = network.scores(of: Tensor(Array(windows.joined()), shape: shape))
    let probabilities = (scores / Float(temperature)).softmax().elements
    return stride(from: 0, to: probabilities.count, by: labels.count).map { start in
      probabilities[start..<start + labels.count].map(Double.init)
    }
  }
}

// MARK: - Files

extension GestureModel {
  private static let format = "doppler-gestures"

  /// What a model file notes beside the weights.
  private struct Notes: Codable {
    var labels: [String]
    var durations: [Double]
    var grid: FeatureGrid
    var waveforms: WaveformFamily
    var detection: EventDetector.Settings
    var temperature: Double
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
  public func write(to path: String) throws { try file.write(to: path) }

  private var file: SafeTensors {
    let notes = Notes(
      labels: labels, durations: durations, grid: grid, waveforms: waveforms,
      detection: detection, temperature: temperature)
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    let text = (try? encoder.encode(notes)).map { String(decoding: $0, as: UTF8.self) } ?? ""
    let tensors = network.parameters.map { ($0.name, $0.value) }
    return SafeTensors(
      tensors: Dictionary(tensors, uniquingKeysWith: { first, _ in first }),
      notes: [
        "format": Self.format, "format_version": "\(Self.formatVersion)", "model": text,
      ])
  }

  private init(file: SafeTensors) throws {
    guard file.notes["format"] == Self.format, let text = file.notes["model"] else {
      throw GestureError.badModel("it holds tensors, but not of a gesture model")
    }
    guard file.notes["format_version"] == "\(Self.formatVersion)" else {
      throw GestureError.badModel(
        "its format version is \(file.notes["format_version"] ?? "missing"), and this program"
          + " reads version \(Self.formatVersion)")
    }
    guard let notes = try? JSONDecoder().decode(Notes.self, from: Data(text.utf8)),
      notes.grid.isSound, !notes.labels.isEmpty, Set(notes.labels).count == notes.labels.count,
      notes.durations.count == notes.labels.count, notes.temperature > 0
    else { throw GestureError.badModel("its description is damaged") }
    var generator = SeededGenerator(seed: 0)
    var network = GestureNetwork(
      grid: notes.grid, classes: notes.labels.count, using: &generator)
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
    self.init(
      labels: notes.labels, grid: notes.grid, waveforms: notes.waveforms,
      durations: notes.durations, detection: notes.detection, temperature: notes.temperature,
      network: network)
  }
}
