internal import Autodiff
internal import Networks

#if canImport(FoundationEssentials)
  internal import FoundationEssentials
#else
  internal import Foundation
#endif

/// What a model file says about its model beside the weights.
protocol ModelDescription: Codable {
  /// Whether what it says, which may come from a damaged file, makes a model.
  var isSound: Bool { get }
}

/// What all model files have in common: they say what they are, describe the model, and hold its
/// weights.
struct ModelFormat: Sendable {
  /// The name by which a file says what it is.
  let name: String

  /// The version that this code writes and reads.
  let version: Int

  /// What a file holds, for the sentence that says it holds something else.
  let content: String

  /// Whether the file at `path` says that it is of this format.
  func isFormat(ofFile path: String) -> Bool {
    (try? SafeTensors(path: path))?.notes["format"] == name
  }

  /// A file of a model.
  ///
  /// - Parameters:
  ///   - description: What there is to say beside the weights.
  ///   - weights: The weights.
  /// - Returns: The file, the same for the same model.
  /// - Throws: An error if the description cannot be encoded.
  func file(
    describing description: some ModelDescription, weights: [(name: String, value: Tensor<Float>)]
  ) throws -> SafeTensors {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    let text = String(decoding: try encoder.encode(description), as: UTF8.self)
    return SafeTensors(
      tensors: Dictionary(
        weights.map { ($0.name, $0.value) }, uniquingKeysWith: { first, _ in first }),
      notes: ["format": name, "format_version": "\(version)", "model": text])
  }

  /// What a file says about its model.
  ///
  /// - Parameter file: The file.
  /// - Returns: The description, which is sound.
  /// - Throws: ``GestureError/badModel(_:)`` if it is of another format or version, or damaged.
  func description<Description: ModelDescription>(in file: SafeTensors) throws -> Description {
    guard file.notes["format"] == name, let text = file.notes["model"] else {
      throw GestureError.badModel("it does not hold \(content)")
    }
    guard file.notes["format_version"] == "\(version)" else {
      throw GestureError.badModel(
        "its format version is \(file.notes["format_version"] ?? "missing"), and this program"
          + " reads version \(version)")
    }
    guard let description = try? JSONDecoder().decode(Description.self, from: Data(text.utf8)),
      description.isSound
    else { throw GestureError.badModel("its description is damaged") }
    return description
  }
}

extension ParameterContainer where Scalar == Float {
  /// Takes over all weights from a file.
  ///
  /// - Throws: ``GestureError/badModel(_:)`` if one of them is missing or damaged.
  mutating func load(from tensors: [String: Tensor<Float>]) throws {
    var complaint: String?
    visitParameters { name, parameter in
      guard let tensor = tensors[name], tensor.shape == parameter.shape,
        tensor.elements.allSatisfy(\.isFinite)
      else {
        complaint = complaint ?? "tensor \(name) is missing or damaged"
        return
      }
      parameter = tensor
    }
    if let complaint { throw GestureError.badModel(complaint) }
  }
}
