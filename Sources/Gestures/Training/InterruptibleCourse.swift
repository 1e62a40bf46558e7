internal import Autodiff
internal import Networks

#if canImport(FoundationEssentials)
  internal import FoundationEssentials
#else
  internal import Foundation
#endif

/// The state of the training of one network between epochs, which can be written and gone on from.
protocol InterruptibleCourse {
  /// What learns.
  associatedtype Network: ParameterContainer & Sendable where Network.Scalar == Float

  /// The network with its last weights.
  var network: Network { get set }

  var descent: AveragedDescent<Network> { get set }

  /// Where chance comes from.
  var generator: SeededGenerator { get set }

  /// The epochs in all.
  var epochs: Int { get }

  /// The epochs done.
  var epoch: Int { get }

  /// The places of what is hardest to learn, as far as the course looks for it.
  var hardest: [Int] { get }

  /// Does the next epoch.
  ///
  /// - Returns: The mean loss.
  mutating func runEpoch() -> Double

  /// Goes on after `epoch` epochs, what is hardest being at the places `hardest`.
  ///
  /// - Returns: Whether there are such places.
  mutating func resume(after epoch: Int, hardest: [Int]) -> Bool
}

extension InterruptibleCourse {
  var hardest: [Int] { [] }

  /// The network with the running mean of its weights, which judges better than the last ones.
  var finished: Network { descent.averaged(network) }

  /// Everything that the course needs to go on.
  var checkpoint: TrainingCheckpoint<Adam<Network>> {
    var checkpoint = descent.checkpoint(of: network, generator: generator)
    checkpoint.step = epoch
    let places = try? JSONEncoder().encode(hardest)
    checkpoint.notes["hardest"] = places.map { String(decoding: $0, as: UTF8.self) }
    return checkpoint
  }

  /// Goes on where the course was of which `path` is a checkpoint.
  ///
  /// - Throws: `CheckpointError` or `SafeTensorsError` if it is not of the same course.
  mutating func resume(from path: String) throws {
    var checkpoint = checkpoint
    try checkpoint.resume(from: path)
    let text = checkpoint.notes["hardest"] ?? ""
    guard let hardest = try? JSONDecoder().decode([Int].self, from: Data(text.utf8)),
      (0...max(epochs, 1)).contains(checkpoint.step),
      resume(after: checkpoint.step, hardest: hardest), descent.resume(checkpoint)
    else { throw CheckpointError.foreign(path) }
    network = checkpoint.model
    generator = checkpoint.generator
  }
}

/// Networks that learn one after the other, each in a course of its own.
struct CourseRun<Course: InterruptibleCourse> {
  private var record: TrainingRecord<Course.Network>?
  private let count: Int
  private var fitted = 0

  /// Begins a training, or goes on with one that was interrupted.
  ///
  /// - Parameters:
  ///   - count: The number of networks.
  ///   - epochs: The epochs of each.
  ///   - checkpoint: Where to keep what is needed to go on, if anywhere.
  ///   - identity: What differs between trainings that end differently.
  ///   - blank: A network of the same kind that has learned nothing.
  /// - Throws: ``GestureError/otherTraining(_:)``.
  init(
    of count: Int, epochs: Int, checkpoint: GestureTrainer.Checkpoint?,
    identity: () -> String, blank: () -> Course.Network
  ) throws {
    self.count = count
    record = try checkpoint.map { checkpoint in
      let blank = blank()
      return try TrainingRecord(
        checkpoint, identity: identity(), epochs: count * max(epochs, 1)
      ) { tensors in
        var network = blank
        try network.load(from: tensors)
        return network
      }
    }
  }

  /// The next network with the running mean of its weights, which learns now if it was not done
  /// before an interruption.
  ///
  /// - Parameters:
  ///   - course: Makes the course of the network.
  ///   - progress: Called after every epoch with its number, that of all epochs, and the mean loss.
  /// - Returns: The network.
  /// - Throws: What going on from a checkpoint, or writing one, throws.
  mutating func next(
    _ course: () -> Course, progress: (_ epoch: Int, _ epochs: Int, _ loss: Double) -> Void
  ) throws -> Course.Network {
    if let network = record?.network(ofFit: fitted) {
      fitted += 1
      return network
    }
    var course = course()
    try finish(&course, progress: progress)
    record?.append(course.finished, bestEpoch: course.epoch)
    return course.finished
  }

  /// Does all epochs of the course of the next network, or those that are left of it.
  ///
  /// - Throws: What going on from a checkpoint, or writing one, throws.
  mutating func finish(
    _ course: inout Course, progress: (_ epoch: Int, _ epochs: Int, _ loss: Double) -> Void
  ) throws {
    let epochs = max(course.epochs, 1)
    if let path = record?.interruption(ofFit: fitted) { try course.resume(from: path) }
    while course.epoch < epochs {
      let loss = course.runEpoch()
      try record?.keep(course.checkpoint, epochs: epochs, isLast: course.epoch >= epochs)
      progress(fitted * epochs + course.epoch, count * epochs, loss)
    }
    fitted += 1
  }
}
