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
