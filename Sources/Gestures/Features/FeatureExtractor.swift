public import Radar

/// Turns the frames of a recording into features on the axes of a grid, one step after the other.
///
/// Step *k* stands *k* time steps after the start of the recording, and is interpolated linearly
/// between the motion spectra before and after it. It is handed out as soon as the latter is there,
/// so the steps do not depend on how the recording was cut. A spectrum of which next to nothing
/// arrived says nothing, so a short gap is bridged by its neighbours, and a longer one is silent.
/// Where the noise of a stream is above the silence that the grid knows, it is silence too.
public struct FeatureExtractor: ~Copyable {
  /// The features of one step.
  public struct Step: Equatable, Sendable {
    /// The features of each velocity, `[velocityBin, channel]`.
    public var features: [Float]

    /// The share of chirps behind them that were lost, from zero to one.
    public var damage: Double

    /// The mean power of the fast echoes, those in the outer quarters of the velocity axis, in units
    /// of the power of silence.
    public var fastPower: Float

    /// The mean power of the moving echoes, those beyond the inner quarter of the velocity axis, in units
    /// of the power of the noise: what rises with it does not move.
    public var movingPower: Float

    /// Creates the features of one step, which is silent if nothing is said of fast and moving echoes.
    public init(
      features: [Float], damage: Double, fastPower: Float = 1, movingPower: Float = 1
    ) {
      self.features = features
      self.damage = damage
      self.fastPower = fastPower
      self.movingPower = movingPower
    }
  }

  /// The axes of the features.
  public let grid: FeatureGrid

  private var processor: MotionSpectrumProcessor
  private let resampling: VelocityResampling
  private var noise: NoiseFloor
  private var earlier: (time: Double, step: Step)?
  private var stepCount = 0

  /// Whether spectra after the earlier one were passed over.
  private var hasGap = false

  /// The longest time between two spectra that is bridged, in seconds.
  private static let longestBridge = 0.1

  /// The share of chirps lost above which a spectrum is silent rather than measured.
  private static let mostDamage = 0.875

  /// Creates an extractor for the frames of `waveform`.
  ///
  /// - Precondition: The radar measures every quantity of the grid, and range if it has range gates.
  public init(grid: FeatureGrid, waveform: Waveform) {
    self.grid = grid
    processor = MotionSpectrumProcessor(
      waveform: waveform, windowing: .init(hop: min(grid.timeStep, 0.016)),
      gates: grid.rangeGates)
    noise = NoiseFloor(usual: grid.floorLevel)
    resampling = VelocityResampling(
      grid: grid, quantities: processor.quantities, velocities: processor.velocities)
  }

  /// Takes the next frame and calls `body` with each step that it completes.
  ///
  /// - Precondition: `frame` has the shape of the waveform.
  public mutating func append(_ frame: borrowing Frame, each body: (Step) -> Void) {
    let resampling = self.resampling
    let timeStep = grid.timeStep
    var noise = self.noise
    var earlier = self.earlier
    var stepCount = self.stepCount
    var hasGap = self.hasGap
    processor.append(frame) { spectrum in
      if spectrum.damage > Self.mostDamage, let known = earlier,
        spectrum.time - known.time < Self.longestBridge
      {
        hasGap = true
        return
      }
      noise.follow(resampling.powers(of: spectrum))
      let silence = noise.silence
      let later = Step(
        features: resampling.features(of: spectrum, silence: silence), damage: spectrum.damage,
        fastPower: resampling.fastPower(of: spectrum, silence: silence),
        movingPower: resampling.movingPower(of: spectrum, noise: noise.noise))
      if hasGap { earlier?.step.damage = 1 }
      hasGap = false
      while Double(stepCount) * timeStep <= spectrum.time {
        body(
          interpolate(
            earlier, (spectrum.time, later), at: Double(stepCount) * timeStep))
        stepCount += 1
      }
      earlier = (spectrum.time, later)
    }
    self.noise = noise
    self.earlier = earlier
    self.hasGap = hasGap
    self.stepCount = stepCount
  }
}

/// The step at `time` between two others; before the first there is nothing but the first.
private func interpolate(
  _ earlier: (time: Double, step: FeatureExtractor.Step)?,
  _ later: (time: Double, step: FeatureExtractor.Step), at time: Double
) -> FeatureExtractor.Step {
  guard let earlier, later.time > earlier.time else { return later.step }
  let weight = Float((time - earlier.time) / (later.time - earlier.time))
  var step = later.step
  for index in step.features.indices {
    step.features[index] =
      earlier.step.features[index] * (1 - weight) + step.features[index] * weight
  }
  step.fastPower = earlier.step.fastPower * (1 - weight) + step.fastPower * weight
  step.movingPower = earlier.step.movingPower * (1 - weight) + step.movingPower * weight
  step.damage = max(earlier.step.damage, later.step.damage)
  return step
}
