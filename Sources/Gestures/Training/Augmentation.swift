internal import RealModule

/// Variations of a gesture that leave its name as it is, in physical terms.
struct Augmentation: Sendable {
  /// How far the window may be off the middle of the gesture, as a share of its length.
  var shift = 0.1

  /// How much faster or slower the gesture may be made, as a share of its speed.
  var stretch = 0.05

  /// The standard deviation of the level of the echo in decibels: distance and gain.
  var gain = 0.4

  /// The standard deviation of noise on every feature.
  var noise = 0.005

  /// The window of an example, varied.
  func window(
    of example: ExampleSet.Example, in set: ExampleSet,
    using generator: inout some RandomNumberGenerator
  ) -> [Float] {
    let features = set.sequences[example.sequence].features
    let grid = features.grid
    let offset = Double.random(in: -shift...shift, using: &generator) * grid.duration
    let stretch = Double.exp(.random(in: -self.stretch...self.stretch, using: &generator))
    var window = features.window(centeredAt: example.middle + offset, stretch: stretch)
    let level = Float(gain * gaussian(using: &generator) / grid.levelScale)
    for index in window.indices {
      // Silence stays silent: only an echo has a level.
      if index.isMultiple(of: grid.channels), window[index] > 0 {
        window[index] = max(window[index] + level, 0)
      }
      window[index] += Float(noise) * Float(gaussian(using: &generator))
    }
    return window
  }
}

/// A number from the standard normal distribution, by the method of Box and Muller.
func gaussian(using generator: inout some RandomNumberGenerator) -> Double {
  let radius = (-2 * Double.log(.random(in: Double.leastNonzeroMagnitude..<1, using: &generator)))
    .squareRoot()
  return radius * .cos(.random(in: 0..<2 * .pi, using: &generator))
}
