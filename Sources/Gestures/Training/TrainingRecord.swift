internal import Autodiff
internal import Networks

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
struct TrainingRecord<Network: ParameterContainer> where Network.Scalar == Float {
  private let checkpoint: GestureTrainer.Checkpoint
  private let identity: String

  /// The networks of the models that are done.
  private var networks: [Network] = []

  /// The epochs after which they were best.
  private var bestEpochs: [Int] = []

  /// The model that was being fitted when the training was interrupted, until it goes on.
  private var interrupted: Int?

  private var lastWriting: ContinuousClock.Instant?

  /// Reads the file, if there is one.
  ///
  /// - Parameters:
  ///   - checkpoint: Where the file is, or will be.
  ///   - identity: What differs between trainings that end differently.
  ///   - epochs: The epochs of all models.
  ///   - network: Makes a network of the tensors of its parameters.
  /// - Throws: ``GestureError/otherTraining(_:)``.
  init(
    _ checkpoint: GestureTrainer.Checkpoint, identity: String, epochs: Int,
    network: ([String: Tensor<Float>]) throws -> Network
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
      let networks = try? (0..<count).map({ try network(Self.tensors(ofFit: $0, in: file)) }),
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

  /// The parameters of the network of a model that was done.
  private static func tensors(ofFit number: Int, in file: SafeTensors) -> [String: Tensor<Float>] {
    let prefix = "memory.done.\(number)."
    let tensors = file.tensors.filter { $0.key.hasPrefix(prefix) }.map { name, tensor in
      (String(name.dropFirst(prefix.count)), tensor)
    }
    return Dictionary(tensors, uniquingKeysWith: { first, _ in first })
  }

  /// The network of a model that was done before the interruption.
  func network(ofFit number: Int) -> Network? {
    number < networks.count ? networks[number] : nil
  }

  /// The epoch after which that model was best.
  func bestEpoch(ofFit number: Int) -> Int? {
    number < bestEpochs.count ? bestEpochs[number] : nil
  }

  /// The file from which the course of model `fit` goes on, if it is the one that was interrupted.
  mutating func interruption(ofFit fit: Int) -> String? {
    guard interrupted == fit else { return nil }
    interrupted = nil
    return checkpoint.path
  }

  /// Writes what the course of the next model has reached, if the last writing was long enough ago.
  ///
  /// - Parameters:
  ///   - state: What it has reached.
  ///   - epochs: The epochs of the model in all.
  ///   - isLast: Whether it is done.
  /// - Throws: What writing throws.
  mutating func keep(
    _ state: @autoclosure () -> TrainingCheckpoint<Adam<Network>>, epochs: Int, isLast: Bool
  ) throws {
    let now = ContinuousClock.now
    if !isLast, let lastWriting, now - lastWriting < .seconds(checkpoint.interval) { return }
    var state = state()
    for (index, network) in networks.enumerated() {
      for (name, tensor) in network.parameters {
        state.memory["done.\(index).\(name)"] = tensor
      }
    }
    state.notes["identity"] = identity
    state.notes["fit"] = "\(networks.count)"
    state.notes["epochs"] = "\(epochs)"
    state.notes["best_epochs"] = bestEpochs.map(String.init).joined(separator: " ")
    try state.write(to: checkpoint.path)
    lastWriting = ContinuousClock.now
  }

  /// Takes notice that a model is done, which was best after `bestEpoch` epochs.
  mutating func append(_ network: Network, bestEpoch: Int) {
    networks.append(network)
    bestEpochs.append(bestEpoch)
  }
}
