internal import RealModule

/// A learning rate for every step.
public protocol LearningRateSchedule: Sendable {
  /// The learning rate of `step`, counted from zero.
  func rate(at step: Int) -> Double
}

extension CosineSchedule: LearningRateSchedule {}

/// A learning rate that is multiplied by a factor every so many steps.
public struct StepSchedule: Hashable, LearningRateSchedule {
  /// The first learning rate.
  public var start: Double

  /// What it is multiplied by.
  public var factor: Double

  /// The steps between two changes.
  public var interval: Int

  /// Creates a schedule.
  ///
  /// - Precondition: The interval is positive.
  public init(start: Double, factor: Double = 0.1, interval: Int) {
    precondition(interval > 0, "a rate cannot change every \(interval) steps")
    self.start = start
    self.factor = factor
    self.interval = interval
  }

  /// The learning rate of `step`, counted from zero.
  public func rate(at step: Int) -> Double { start * .pow(factor, step / interval) }
}

/// Any schedule after a start at rates that rise evenly to its first.
public struct WarmUpSchedule<Base: LearningRateSchedule>: LearningRateSchedule {
  /// What follows.
  public var base: Base

  /// The steps until it begins.
  public var steps: Int

  /// Creates a schedule that begins with a rise over `steps` steps.
  public init(_ base: Base, steps: Int) {
    self.base = base
    self.steps = steps
  }

  /// The learning rate of `step`, counted from zero.
  public func rate(at step: Int) -> Double {
    step < steps
      ? base.rate(at: 0) * Double(step + 1) / Double(steps) : base.rate(at: step - steps)
  }
}

/// A learning rate that falls when a loss has not fallen for a while.
public struct PlateauSchedule: Hashable, Codable, Sendable {
  /// The learning rate.
  public private(set) var rate: Double

  /// What it is multiplied by.
  public let factor: Double

  /// How often in a row the loss may fail to fall before the rate does.
  public let patience: Int

  /// The share of the least loss by which it has to fall to count.
  public let threshold: Double

  private var least = Double.infinity
  private var failures = 0

  /// Creates a schedule.
  public init(start: Double, factor: Double = 0.1, patience: Int = 10, threshold: Double = 1e-4) {
    rate = start
    self.factor = factor
    self.patience = patience
    self.threshold = threshold
  }

  /// Takes notice of a loss, of an epoch say.
  public mutating func observe(_ loss: Double) {
    if loss < least * (1 - threshold) || (least == .infinity && loss < least) {
      least = loss
      failures = 0
    } else {
      failures += 1
    }
    guard failures > patience else { return }
    rate *= factor
    failures = 0
  }
}
