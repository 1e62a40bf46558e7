public import Autodiff

#if canImport(FoundationEssentials)
  internal import FoundationEssentials
#else
  internal import Foundation
#endif

/// Everything a training needs to go on as if it had never stopped.
///
/// It is a safetensors file that is replaced as a whole: whenever the program is killed, the file
/// holds one state or the next.
///
/// ```swift
/// var checkpoint = TrainingCheckpoint(model: network, optimizer: Adam(), generator: generator)
/// if resumes { try checkpoint.resume(from: path) }
/// while checkpoint.step < steps {
///   …
///   checkpoint.step += 1
///   try checkpoint.write(to: path)
/// }
/// ```
public struct TrainingCheckpoint<Update: Optimizer> where Update.Model.Scalar == Float {
  /// The model.
  public var model: Update.Model

  /// The optimiser, with what it remembers.
  public var optimizer: Update

  /// The generator of random numbers.
  public var generator: SeededGenerator

  /// The steps made.
  public var step = 0

  /// What else there is to remember.
  public var notes: [String: String] = [:]

  /// What else there is to remember that is made of numbers.
  public var memory: [String: Tensor<Float>] = [:]

  /// Creates the state of a training that begins.
  public init(model: Update.Model, optimizer: Update, generator: SeededGenerator) {
    self.model = model
    self.optimizer = optimizer
    self.generator = generator
  }

  /// Writes the state to `path`, which holds either the state before or the whole new one.
  ///
  /// - Throws: ``SafeTensorsError/unwritable(_:)`` if it cannot be written.
  public func write(to path: String) throws {
    var file = SafeTensors()
    for (name, value) in model.parameters { file.tensors["model.\(name)"] = value }
    var copy = model
    copy.visitStatistics { file.tensors["statistics.\($0)"] = $1 }
    let state = optimizer.state
    for (memory, tensors) in state.memories {
      for (index, tensor) in tensors.enumerated() {
        file.tensors["optimizer.\(memory).\(index)"] = tensor
      }
      file.notes["optimizer.\(memory)"] = "\(tensors.count)"
    }
    for (name, tensor) in memory { file.tensors["memory.\(name)"] = tensor }
    for (name, note) in notes { file.notes["note.\(name)"] = note }
    file.notes["format"] = Self.format
    file.notes["step"] = "\(step)"
    file.notes["optimizer_steps"] = "\(state.stepCount)"
    let text = try? JSONEncoder().encode(generator)
    file.notes["generator"] = text.map { String(decoding: $0, as: UTF8.self) }
    try file.write(to: path)
  }

  private static var format: String { "training-checkpoint" }

  /// Goes back to the state at `path`, of a training of the same model with the same optimiser.
  ///
  /// - Throws: ``SafeTensorsError`` if there is no file, and ``CheckpointError`` if it does not fit;
  ///   nothing is changed then.
  public mutating func resume(from path: String) throws {
    let file = try SafeTensors(path: path)
    guard file.notes["format"] == Self.format, let step = file.notes["step"].flatMap(Int.init),
      let optimizerSteps = file.notes["optimizer_steps"].flatMap(Int.init),
      let text = file.notes["generator"],
      let generator = try? JSONDecoder().decode(SeededGenerator.self, from: Data(text.utf8))
    else { throw CheckpointError.foreign(path) }
    var model = model
    var missing: String?
    func replace(_ name: String, _ tensor: inout Tensor<Float>) {
      guard let found = file.tensors[name], found.shape == tensor.shape else {
        missing = missing ?? name
        return
      }
      tensor = found
    }
    model.visitParameters { replace("model.\($0)", &$1) }
    model.visitStatistics { replace("statistics.\($0)", &$1) }
    let shapes = model.parameters.map(\.value.shape)
    var state = OptimizerState<Float>(stepCount: optimizerSteps)
    for memory in optimizer.state.memories.keys {
      let count = file.notes["optimizer.\(memory)"].flatMap(Int.init)
      guard let count, count == 0 || count == shapes.count else {
        missing = missing ?? "optimizer.\(memory)"
        continue
      }
      state.memories[memory] = shapes.prefix(count).enumerated().map { index, shape in
        var tensor = Tensor<Float>(zeros: shape)
        replace("optimizer.\(memory).\(index)", &tensor)
        return tensor
      }
    }
    if let missing { throw CheckpointError.misfit(tensor: missing, path: path) }
    self.model = model
    optimizer.state = state
    self.generator = generator
    self.step = step
    memory = [:]
    for (name, tensor) in file.tensors where name.hasPrefix("memory.") {
      memory[String(name.dropFirst(7))] = tensor
    }
    notes = [:]
    for (name, note) in file.notes where name.hasPrefix("note.") {
      notes[String(name.dropFirst(5))] = note
    }
  }
}

/// Why a training cannot go on from a file.
public enum CheckpointError: Error, Equatable, Sendable {
  /// The file is no checkpoint.
  case foreign(String)

  /// A tensor is missing, or of another shape.
  case misfit(tensor: String, path: String)
}

extension CheckpointError: CustomStringConvertible {
  /// One sentence with the facts on both sides.
  public var description: String {
    switch self {
    case .foreign(let path): "\(path) is no checkpoint of a training"
    case .misfit(let tensor, let path):
      "\(path) is of another training: tensor \(tensor) is missing or of another shape"
    }
  }
}
