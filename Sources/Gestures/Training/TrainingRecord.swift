internal import Autodiff
internal import Networks
internal import Radar

#if canImport(FoundationEssentials)
  internal import FoundationEssentials
#else
  internal import Foundation
#endif

extension GestureTrainer {
  /// A file from which a training goes on that was interrupted.
  public struct Checkpoint: Sendable {
    /// Where the file is, or will be.
    public var path: String

    /// Whether a file that belongs to another training may be replaced.
    public var replacesOthers: Bool

    /// The shortest time from one writing to the next in seconds.
    ///
    /// A training that goes on ends with the same bits whenever it was interrupted: this is only about
    /// how much of it is done twice.
    public var interval = 0.25

    /// Called once, when it is known how a training begins.
    public var report: @Sendable (Beginning) -> Void

    /// How a training begins.
    public enum Beginning: Equatable, Sendable {
      /// From nothing.
      case fresh

      /// From nothing, in place of another training's file.
      case replacing

      /// After a number of epochs of all models.
      case resuming(epoch: Int, epochs: Int)
    }

    /// Creates a checkpoint.
    ///
    /// - Parameters:
    ///   - path: Where the file is, or will be.
    ///   - replacesOthers: Whether a file that belongs to another training may be replaced.
    ///   - report: Called once, when it is known how a training begins.
    public init(
      path: String, replacesOthers: Bool = false,
      report: @escaping @Sendable (Beginning) -> Void = { _ in }
    ) {
      self.path = path
      self.replacesOthers = replacesOthers
      self.report = report
    }

    /// Removes the file: once the model is written, nobody needs it.
    public func remove() {
      for path in [path, path + SafeTensors.partialSuffix] {
        try? FileManager.default.removeItem(atPath: path)
      }
    }
  }
}

/// What a training has reached, in memory and in its checkpoint.
///
/// The file holds the networks of the models that are done, and the course of the one after them. What
/// follows from these without chance, such as what the models say of held-out gestures, is worked out
/// again.
struct TrainingRecord {
  private let checkpoint: GestureTrainer.Checkpoint
  private let identity: String

  /// The networks of the models that are done.
  private var networks: [GestureNetwork] = []

  /// The epochs after which they were best.
  private var bestEpochs: [Int] = []

  /// The model that was being fitted when the training was interrupted, until it goes on.
  private var interrupted: Int?

  private var lastWriting: ContinuousClock.Instant?

  /// Reads the file, if there is one.
  ///
  /// - Throws: ``GestureError/otherTraining(_:)``.
  init(
    _ checkpoint: GestureTrainer.Checkpoint, identity: String, blank: GestureModel, epochs: Int
  ) throws {
    self.checkpoint = checkpoint
    self.identity = identity
    guard FileManager.default.fileExists(atPath: checkpoint.path) else {
      checkpoint.report(.fresh)
      return
    }
    guard let file = try? SafeTensors(path: checkpoint.path),
      file.notes["note.identity"] == identity, let step = file.notes["step"].flatMap(Int.init),
      let count = file.notes["note.fit"].flatMap(Int.init), count >= 0,
      let networks = try? (0..<count).map({ try Self.network($0, in: file, like: blank) }),
      let bestEpochs = file.notes["note.best_epochs"]?.split(separator: " ").compactMap({ Int($0) }
      ),
      bestEpochs.count == count
    else {
      guard checkpoint.replacesOthers else {
        throw GestureError.otherTraining(checkpoint.path)
      }
      checkpoint.report(.replacing)
      return
    }
    self.networks = networks
    self.bestEpochs = bestEpochs
    interrupted = count
    let done = file.notes["note.epochs"].flatMap(Int.init) ?? 0
    checkpoint.report(.resuming(epoch: count * done + step, epochs: epochs))
  }

  private static func network(
    _ index: Int, in file: SafeTensors, like blank: GestureModel
  ) throws -> GestureNetwork {
    let prefix = "memory.done.\(index)."
    let tensors = file.tensors.filter { $0.key.hasPrefix(prefix) }.map { name, tensor in
      (String(name.dropFirst(prefix.count)), tensor)
    }
    return try GestureNetwork(
      blank.network.kind, grid: blank.grid, classes: blank.labels.count,
      tensors: Dictionary(tensors, uniquingKeysWith: { first, _ in first }))
  }

  /// The network of a model that was done before the interruption.
  func network(ofFit number: Int) -> GestureNetwork? {
    number < networks.count ? networks[number] : nil
  }

  /// The epoch after which that model was best.
  func bestEpoch(ofFit number: Int) -> Int? {
    number < bestEpochs.count ? bestEpochs[number] : nil
  }

  /// Lets the course of model `fit` go on if it is the one that was interrupted.
  mutating func resume(
    _ course: inout TrainingCourse, of model: inout GestureModel, fit: Int
  ) throws {
    guard interrupted == fit else { return }
    interrupted = nil
    try course.resume(&model, from: checkpoint.path)
  }

  /// Writes what the course of the next model has reached, if the last writing was long enough ago.
  mutating func keep(_ course: TrainingCourse, of model: GestureModel, isLast: Bool) throws {
    let now = ContinuousClock.now
    if !isLast, let lastWriting, now - lastWriting < .seconds(checkpoint.interval) { return }
    var state = course.checkpoint(of: model)
    for (index, network) in networks.enumerated() {
      for (name, tensor) in network.parameters {
        state.memory["done.\(index).\(name)"] = tensor
      }
    }
    state.notes["identity"] = identity
    state.notes["fit"] = "\(networks.count)"
    state.notes["epochs"] = "\(course.epochs)"
    state.notes["best_epochs"] = bestEpochs.map(String.init).joined(separator: " ")
    try state.write(to: checkpoint.path)
    lastWriting = ContinuousClock.now
  }

  /// Takes notice that a model is done, which was best after `bestEpoch` epochs.
  mutating func append(_ network: GestureNetwork, bestEpoch: Int) {
    networks.append(network)
    bestEpochs.append(bestEpoch)
  }
}
