internal import Autodiff
internal import Networks

#if canImport(FoundationEssentials)
  internal import FoundationEssentials
#else
  internal import Foundation
#endif

extension BayesianGestureModel {
  /// The version of the files that this code writes and reads.
  public static let formatVersion = 1

  private static let format = "doppler-gestures-bayesian"

  /// What a model file notes beside the weights.
  private struct Notes: Codable {
    var labels: [String]
    var grid: FeatureGrid
    var waveforms: WaveformFamily
    var durations: [Double]
    var method: BayesianMethod
    var members: Int
    var temperature: Double
  }

  /// Whether the file at `path` says that it is a Bayesian model.
  public static func isBayesianModel(path: String) -> Bool {
    (try? SafeTensors(path: path))?.notes["format"] == format
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
      members: networks.count, temperature: temperature)
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    var file = SafeTensors(notes: [
      "format": Self.format, "format_version": "\(Self.formatVersion)",
      "model": String(decoding: try encoder.encode(notes), as: UTF8.self),
    ])
    for (name, value) in networks.parameters { file.tensors[name] = value }
    if let laplace {
      file.tensors["laplace.input"] = laplace.inputFactor
      file.tensors["laplace.output"] = laplace.outputFactor
    }
    try file.write(to: path)
  }

  private init(file: SafeTensors) throws {
    guard file.notes["format"] == Self.format, let text = file.notes["model"] else {
      throw GestureError.badModel("it does not hold a distribution over networks")
    }
    guard file.notes["format_version"] == "\(Self.formatVersion)" else {
      throw GestureError.badModel(
        "its format version is \(file.notes["format_version"] ?? "missing"), and this program"
          + " reads version \(Self.formatVersion)")
    }
    guard let notes = try? JSONDecoder().decode(Notes.self, from: Data(text.utf8)),
      notes.grid.isSound, notes.labels.count > 1,
      Set(notes.labels).count == notes.labels.count, (1...100).contains(notes.members),
      notes.temperature > 0, notes.durations.count == notes.labels.count
    else { throw GestureError.badModel("its description is damaged") }
    var generator = SeededGenerator(seed: 0)
    var networks = (0..<notes.members).map { _ in
      BayesianNetwork(
        grid: notes.grid, classes: notes.labels.count,
        isVariational: notes.method == .variational, using: &generator)
    }
    var complaint: String?
    networks.visitParameters { name, parameter in
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
      durations: notes.durations, method: notes.method, networks: networks)
    temperature = notes.temperature
    guard notes.method == .laplace else { return }
    guard let input = file.tensors["laplace.input"], let output = file.tensors["laplace.output"],
      let laplace = KroneckerLaplace(inputFactor: input, outputFactor: output),
      laplace.inputCount == networks[0].output.weight.shape[0],
      laplace.classCount == notes.labels.count
    else { throw GestureError.badModel("the distribution of its last layer is damaged") }
    self.laplace = laplace
  }
}
