internal import RealModule

/// What a simulated scene is like.
public struct SceneOptions: Hashable, Sendable {
  /// How far from the radar hands are held in metres, give or take a fifth from person to person.
  public var distance: Double

  /// The power of a hand's echo over that of the noise in one sample, in decibels, at the usual
  /// distance of the radar.
  ///
  /// Further away the echo falls with the fourth power of the distance, and the noise stays.
  public var signalToNoiseRatio: Double

  /// The size of movements, one being an average person's.
  public var scale: Double

  /// How frames get lost between the radar and the recording.
  public var frameLoss: FrameLoss

  /// Creates options.
  ///
  /// - Parameters:
  ///   - radar: The radar, which has a usual distance.
  ///   - distance: How far from it hands are held in metres; the usual distance without it.
  ///   - signalToNoiseRatio: The power of a hand's echo over that of the noise in decibels.
  ///   - scale: The size of movements.
  ///   - frameLoss: How frames get lost.
  /// - Precondition: `distance` and `scale` are positive.
  public init(
    radar: SimulatedRadar, distance: Double? = nil, signalToNoiseRatio: Double = 10,
    scale: Double = 1, frameLoss: FrameLoss = FrameLoss()
  ) {
    self.distance = distance ?? radar.usualDistance
    self.signalToNoiseRatio = signalToNoiseRatio
    self.scale = scale
    self.frameLoss = frameLoss
    precondition(self.distance > 0 && scale > 0, "a scene needs a positive distance and scale")
  }

  /// The scene of one person among many whose scenes differ: from half to twice as far, with noise of
  /// ten decibels more to ten less, and movements of three fifths to one and a half times the size; of
  /// every other person up to two fifths of the frames get lost, each on its own or four in a row.
  func varied(using generator: inout SimulationGenerator) -> SceneOptions {
    var options = self
    options.distance *= .exp2(generator.uniform(-1...1))
    options.signalToNoiseRatio += generator.uniform(-10...10)
    options.scale *= generator.uniform(0.6...1.5)
    if Bool.random(using: &generator) {
      let share = generator.uniform(0...0.4)
      options.frameLoss = FrameLoss(
        share: share, meanLength: Bool.random(using: &generator) ? 4 : nil)
    }
    return options
  }
}
