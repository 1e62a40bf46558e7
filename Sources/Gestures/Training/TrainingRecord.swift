internal import Autodiff
internal import Networks

#if canImport(FoundationEssentials)
  internal import FoundationEssentials
#else
  internal import Foundation
#endif

/// What a training of one or more models has reached, in memory and, if it is to be kept, in its
/// checkpoint.
///
/// The file holds the networks of the models that are done, and the course of the one after them. What
/// follows from these without chance, such as what the models say of held-out gestures, is worked out
/// again.
final class TrainingRecord {
  /// The epochs of all models.
  let epochs: Int

  /// The epochs of the models before the one that learns now.
  private(set) var epochsBefore = 0

  private let checkpoint: GestureTrainer.Checkpoint?
  private let identity: String

  /// What is known of a model that is done.
  struct Fit {
    /// The parameters of its network.
    var tensors: [String: Tensor<Float>]

    /// The epochs that it may take.
    var epochs: Int

    /// The epoch after which it was best.
    var bestEpoch: Int
  }

  /// The models that are done, now or before an interruption.
  private var fits: [Fit] = []

  /// The place among them of the model that learns now, or is asked for next.
  private var place = 0

  /// The place of the model that was learning when the training was interrupted, until it goes on.
  private var interrupted: Int?

  private var lastWriting: ContinuousClock.Instant?

  /// Reads the file, if there is one.
  ///
  /// - Parameters:
  ///   - checkpoint: Where the file is, or will be, if anywhere.
  ///   - identity: What differs between trainings that end differently.
  ///   - epochs: The epochs of all models.
  /// - Throws: ``GestureError/otherTraining(_:)``.
  init(
    _ checkpoint: GestureTrainer.Checkpoint?, identity: @autoclosure () -> String, epochs: Int
  ) throws {
    self.checkpoint = checkpoint
    self.epochs = epochs
    self.identity = checkpoint == nil ? "" : identity()
    guard let checkpoint else { return }
    guard FileManager.default.fileExists(atPath: checkpoint.path) else {
      checkpoint.report(.fresh)
      return
    }
    guard let file = try? SafeTensors(path: checkpoint.path),
      file.notes["note.identity"] == self.identity, let step = file.notes["step"].flatMap(Int.init),
      let fits = Self.fits(in: file)
    else {
      guard checkpoint.replacesOthers else {
        throw GestureError.otherTraining(checkpoint.path)
      }
      checkpoint.report(.replacing)
      return
    }
    self.fits = fits
    interrupted = fits.count
    let before = fits.map(\.epochs).reduce(0, +)
    checkpoint.report(.resuming(epoch: before + step, epochs: epochs))
  }

  /// The models that were done when `file` was written, and `nil` if it does not say.
  private static func fits(in file: SafeTensors) -> [Fit]? {
    func numbers(_ name: String) -> [Int]? {
      file.notes["note.\(name)"]?.split(separator: " ").compactMap { Int($0) }
    }
    guard let count = file.notes["note.fit"].flatMap(Int.init), let epochs = numbers("epochs"),
      let bestEpochs = numbers("best_epochs"), epochs.count == count, bestEpochs.count == count
    else { return nil }
    var fits: [Fit] = []
    for (index, epochs) in zip(epochs, bestEpochs).enumerated() {
      let prefix = "memory.done.\(index)."
      let tensors = file.tensors.filter { $0.key.hasPrefix(prefix) }.map { name, tensor in
        (String(name.dropFirst(prefix.count)), tensor)
      }
      guard !tensors.isEmpty, tensors.allSatisfy({ $0.1.elements.allSatisfy(\.isFinite) }) else {
        return nil
      }
      fits.append(
        Fit(
          tensors: Dictionary(tensors, uniquingKeysWith: { first, _ in first }),
          epochs: epochs.0, bestEpoch: epochs.1))
    }
    return fits
  }

  /// What is known of the next model, if it was done before the interruption.
  func nextFit() -> Fit? {
    guard place < fits.count else { return nil }
    defer { place += 1 }
    epochsBefore += fits[place].epochs
    return fits[place]
  }

  /// The file from which the course of the next model goes on, if it is the one that was interrupted.
  func interruption() -> String? {
    guard interrupted == place else { return nil }
    interrupted = nil
    return checkpoint?.path
  }

  /// Writes what the course of the next model has reached, if the last writing was long enough ago.
  ///
  /// - Parameters:
  ///   - state: What it has reached.
  ///   - isLast: Whether it is done.
  /// - Throws: What writing throws.
  func keep<Network: ParameterContainer>(
    _ state: @autoclosure () -> TrainingCheckpoint<Adam<Network>>, isLast: Bool
  ) throws where Network.Scalar == Float {
    guard let checkpoint else { return }
    let now = ContinuousClock.now
    if !isLast, let lastWriting, now - lastWriting < .seconds(checkpoint.interval) { return }
    var state = state()
    for (index, fit) in fits.enumerated() {
      for (name, tensor) in fit.tensors { state.memory["done.\(index).\(name)"] = tensor }
    }
    state.notes["identity"] = identity
    state.notes["fit"] = "\(fits.count)"
    state.notes["epochs"] = fits.map { "\($0.epochs)" }.joined(separator: " ")
    state.notes["best_epochs"] = fits.map { "\($0.bestEpoch)" }.joined(separator: " ")
    try state.write(to: checkpoint.path)
    lastWriting = ContinuousClock.now
  }

  /// Takes notice that a model is done, which was best after `bestEpoch` of `epochs` epochs.
  func append<Network: ParameterContainer>(_ network: Network, epochs: Int, bestEpoch: Int)
  where Network.Scalar == Float {
    let tensors = Dictionary(
      network.parameters.map { ($0.name, $0.value) }, uniquingKeysWith: { first, _ in first })
    fits.append(Fit(tensors: tensors, epochs: epochs, bestEpoch: bestEpoch))
    place = fits.count
    epochsBefore += epochs
  }
}
