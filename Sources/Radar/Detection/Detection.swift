/// Something that reflects: where it is, how fast it moves, and how clearly it stands out.
public struct Detection: Hashable, Sendable {
  /// How far away it is in metres, and `nil` if the waveform has no range axis.
  public var range: Double?

  /// How fast its range grows in metres per second: negative for what approaches.
  public var velocity: Double

  /// Its angle to the right of straight ahead in the horizontal plane in radians, and `nil` if the
  /// receivers cannot tell.
  public var azimuth: Double?

  /// Its angle above the horizontal plane in radians, and `nil` if the receivers cannot tell.
  public var elevation: Double?

  /// Its power over that of the noise around it in decibels.
  public var signalToNoiseRatio: Double

  /// Creates a detection.
  public init(
    range: Double? = nil, velocity: Double, azimuth: Double? = nil, elevation: Double? = nil,
    signalToNoiseRatio: Double
  ) {
    self.range = range
    self.velocity = velocity
    self.azimuth = azimuth
    self.elevation = elevation
    self.signalToNoiseRatio = signalToNoiseRatio
  }
}

/// What a radar detected at one moment.
public struct PointCloud: Hashable, Sendable {
  /// The middle of the time measured in seconds since the start of the recording.
  public var time: Double

  /// The share of chirps that were lost, from zero to one.
  public var damage: Double

  /// What was detected, by range and then by velocity.
  public var detections: [Detection]

  /// Creates a point cloud.
  public init(time: Double, damage: Double = 0, detections: [Detection]) {
    self.time = time
    self.damage = damage
    self.detections = detections
  }
}

/// How detections are made.
public struct DetectionOptions: Hashable, Sendable {
  /// How the noise in a cell is estimated.
  public var estimator: NoiseEstimator

  /// The probability that a cell of noise is detected.
  public var falseAlarmRate: Double

  /// The cells on each side along range that take part in estimating the noise.
  public var rangeWindow: TrainingWindow

  /// The cells on each side along velocity that take part in estimating the noise.
  public var dopplerWindow: TrainingWindow

  /// What is done about echoes that do not move.
  public var clutterRemoval: ClutterRemoval

  /// Whether of neighbouring cells only the strongest is a detection.
  ///
  /// A target fills several cells, because tapers widen it; without grouping each of them counts.
  public var groupsPeaks: Bool

  /// The shape of the windows of a continuous wave.
  public var windowing: MotionSpectrumProcessor.Windowing

  /// Where the transmitters stand in metres, if that is known.
  public var transmitterPositions: [SIMD2<Double>]?

  /// Creates options.
  ///
  /// - Parameters:
  ///   - estimator: How the noise in a cell is estimated.
  ///   - falseAlarmRate: The probability that a cell of noise is detected.
  ///   - rangeWindow: The cells on each side along range.
  ///   - dopplerWindow: The cells on each side along velocity.
  ///   - clutterRemoval: What is done about echoes that do not move.
  ///   - groupsPeaks: Whether of neighbouring cells only the strongest is a detection.
  ///   - windowing: The shape of the windows of a continuous wave.
  ///   - transmitterPositions: Where the transmitters stand in metres, if that is known.
  public init(
    estimator: NoiseEstimator = .orderedStatistic(), falseAlarmRate: Double = 1e-4,
    rangeWindow: TrainingWindow = TrainingWindow(guardCells: 2, trainingCells: 8),
    dopplerWindow: TrainingWindow = TrainingWindow(guardCells: 2, trainingCells: 6),
    clutterRemoval: ClutterRemoval = .mean, groupsPeaks: Bool = true,
    windowing: MotionSpectrumProcessor.Windowing = .init(),
    transmitterPositions: [SIMD2<Double>]? = nil
  ) {
    self.estimator = estimator
    self.falseAlarmRate = falseAlarmRate
    self.rangeWindow = rangeWindow
    self.dopplerWindow = dopplerWindow
    self.clutterRemoval = clutterRemoval
    self.groupsPeaks = groupsPeaks
    self.windowing = windowing
    self.transmitterPositions = transmitterPositions
  }
}
