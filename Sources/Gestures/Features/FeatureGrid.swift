public import Radar

/// The physical axes on which a network sees motion.
///
/// A window of features has shape `[step, velocityBin, channel]`. The first channel is the level of
/// the echoes at a velocity, counted from ``floorLevel`` and divided by ``levelScale``; the others
/// are the quantities that say where these echoes come from, faded out where there is no echo.
/// With ``rangeGates``, a channel for each gate follows, nearest first: the level of the echoes at that
/// velocity which come from that part of the range axis, so that a step is an image
/// `[velocityBin, gate]` beside what is known of each velocity as a whole.
/// Because the axes are metres per second and seconds, a network is not tied to the bins of one
/// sensor.
public struct FeatureGrid: Codable, Hashable, Sendable {
  /// The time from one step to the next in seconds.
  public var timeStep: Double

  /// The steps in a window.
  public var steps: Int

  /// The velocity at both ends of the axis in metres per second.
  public var maximumVelocity: Double

  /// The bins of the velocity axis, the same number on both sides of zero.
  public var velocityBins: Int

  /// The quantities behind the channels, power first.
  public var quantities: [Quantity]

  /// The level that counts as silence in decibels.
  public var floorLevel: Double

  /// The decibels that make one unit of the level channel.
  public var levelScale: Double

  /// The range in the middle of the range channel in metres.
  public var middleRange: Double

  /// The metres that make one unit of the range channel.
  public var rangeScale: Double

  /// The parts of the range axis that have a channel each, if any.
  public var rangeGates: RangeGates?

  /// Creates axes.
  ///
  /// - Parameters:
  ///   - timeStep: The time from one step to the next in seconds.
  ///   - steps: The steps in a window.
  ///   - maximumVelocity: The velocity at both ends of the axis in metres per second.
  ///   - velocityBins: The bins of the velocity axis.
  ///   - quantities: The quantities behind the channels, power first.
  ///   - floorLevel: The level that counts as silence in decibels.
  ///   - levelScale: The decibels that make one unit of the level channel.
  ///   - middleRange: The range in the middle of the range channel in metres.
  ///   - rangeScale: The metres that make one unit of the range channel.
  ///   - rangeGates: The parts of the range axis that have a channel each, if any.
  /// - Precondition: The numbers make axes: steps, bins and scales are positive, and the first
  ///   quantity is the power.
  public init(
    timeStep: Double, steps: Int, maximumVelocity: Double, velocityBins: Int,
    quantities: [Quantity], floorLevel: Double, levelScale: Double = 20, middleRange: Double = 0,
    rangeScale: Double = 1, rangeGates: RangeGates? = nil
  ) {
    self.timeStep = timeStep
    self.steps = steps
    self.maximumVelocity = maximumVelocity
    self.velocityBins = velocityBins
    self.quantities = quantities
    self.floorLevel = floorLevel
    self.levelScale = levelScale
    self.middleRange = middleRange
    self.rangeScale = rangeScale
    self.rangeGates = rangeGates
    precondition(isSound, "these numbers make no axes: \(self)")
  }

  /// A quantity of a motion spectrum, by the name it has in a model file.
  public typealias Quantity = MotionSpectrum.Quantity

  /// The channels of a window: the quantities, then the range gates.
  public var channels: Int { gateChannels.upperBound }

  /// The channel of the mean range, if there is one.
  var rangeChannel: Int? { quantities.firstIndex(of: .range) }

  /// The channels of the range gates.
  var gateChannels: Range<Int> { quantities.count..<quantities.count + (rangeGates?.count ?? 0) }

  /// The features of one step.
  public var featuresPerStep: Int { velocityBins * channels }

  /// The length of a window in seconds.
  public var duration: Double { Double(steps) * timeStep }

  /// The velocity at the centre of `bin` in metres per second.
  public func velocity(ofBin bin: Int) -> Double {
    let step = 2 * maximumVelocity / Double(velocityBins)
    return (Double(bin) + 0.5) * step - maximumVelocity
  }
}

extension MotionSpectrum.Quantity: Codable {}

extension FeatureGrid {
  /// Whether the numbers, which may come from a damaged file, make axes.
  var isSound: Bool {
    let numbers = [
      timeStep, maximumVelocity, floorLevel, levelScale, middleRange, rangeScale,
    ]
    return numbers.allSatisfy { $0.magnitude < 1e6 } && timeStep > 1e-6 && maximumVelocity > 0
      && levelScale > 0 && rangeScale > 0 && (8...4096).contains(steps)
      && (2...1024).contains(velocityBins) && quantities.first == .power
      && Set(quantities).count == quantities.count && rangeGates?.isSound ?? true
  }
}
