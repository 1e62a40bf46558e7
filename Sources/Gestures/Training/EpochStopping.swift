package import Autodiff

/// Ends a training that goes on without getting better at gestures it has not learned from, and keeps
/// the weights with which it was best (Prechelt, 1998).
///
/// The loss on few gestures goes up and down by chance, and falls again when the learning rate does: a
/// training is over only once the loss has stayed clearly above its lowest for long.
package struct EpochStopping: Sendable {
  /// What changes from epoch to epoch.
  package struct Memory: Codable, Equatable, Sendable {
    /// The lowest loss so far.
    package var lowest = Double.greatestFiniteMagnitude

    /// The epoch after which it was reached.
    package var best = 0

    /// The last epoch after which the loss was near it.
    package var lastNear = 0
  }

  package var memory = Memory()

  /// The weights with which the loss was lowest.
  package var weights: [Tensor<Float>] = []

  /// The epochs without a loss near the lowest that end a training.
  private let patience: Int

  /// The share of the epochs that is waited.
  private static let patientShare = 0.3

  /// How far above the lowest is near.
  private static let tolerance = 1.1

  /// Watches a training of at most `epochs` epochs.
  package init(epochs: Int) {
    patience = max(Int((Self.patientShare * Double(epochs)).rounded(.up)), 1)
  }

  /// Takes notice of the mean loss on held-out gestures after `epoch` epochs.
  package mutating func follow(_ loss: Double, after epoch: Int, weights: [Tensor<Float>]) {
    if loss < memory.lowest {
      (memory.lowest, memory.best) = (loss, epoch)
      self.weights = weights
    }
    if loss <= memory.lowest * Self.tolerance { memory.lastNear = epoch }
  }

  /// Whether the training is over after `epoch` epochs.
  package func isOver(after epoch: Int) -> Bool {
    memory.best > 0 && epoch - memory.lastNear >= patience
  }
}
