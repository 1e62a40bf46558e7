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

extension TrainingRecord {
  /// The network of the next course with the running mean of its weights, which learns now if it was
  /// not done before an interruption.
  ///
  /// - Parameters:
  ///   - course: The course at its beginning.
  ///   - progress: Called after every epoch with its number, that of all epochs, and the mean loss.
  /// - Returns: The network.
  /// - Throws: What going on from a checkpoint, or writing one, throws.
  func network<Course: InterruptibleCourse>(
    of course: Course, progress: (_ epoch: Int, _ epochs: Int, _ loss: Double) -> Void
  ) throws -> Course.Network {
    var course = course
    if let fit = nextFit() {
      try course.network.load(from: fit.tensors)
      return course.network
    }
    try finish(&course, progress: progress)
    append(course.finished, epochs: max(course.epochs, 1), bestEpoch: course.epoch)
    return course.finished
  }

  /// Does all epochs of the course of the next network, or those that are left of it.
  ///
  /// - Throws: What going on from a checkpoint, or writing one, throws.
  func finish(
    _ course: inout some InterruptibleCourse,
    progress: (_ epoch: Int, _ epochs: Int, _ loss: Double) -> Void
  ) throws {
    if let path = interruption() { try course.resume(from: path) }
    while course.epoch < max(course.epochs, 1) {
      let loss = course.runEpoch()
      try keep(course.checkpoint, isLast: course.epoch >= course.epochs)
      progress(epochsBefore + course.epoch, epochs, loss)
    }
  }
}
