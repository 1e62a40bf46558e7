internal import RealModule

/// Variations of a moment that leave its name as it is, in physical terms.
package struct Augmentation: Sendable {
  /// How far the window may be off the middle of the gesture, as a share of its length.
  var shift = 0.15

  /// How much faster or slower the hand may be, as a share of its speed.
  var speed = 0.2

  /// The standard deviation of the level of all echoes, in decibels.
  var gain = 0.7

  /// The standard deviation of the distance and of the direction, in units of their channels.
  var place = 0.2

  /// The share of moments in which frames were lost.
  var lossShare = 0.1

  /// The share of moments that tell nothing of the place: hands of other recordings are elsewhere, so a
  /// network must know gestures without it.
  var placeLossShare = 0.3

  /// The share of moments to which the echoes of another one are added, from a recording in which
  /// nobody makes a gesture: beside a marked gesture there may be one without a mark.
  var mixingShare = 0.1

  /// How much weaker the echoes are that are added, in decibels: what disturbs is behind the hand, and
  /// echoes fall with the fourth power of the distance.
  private static let attenuation = 6.0...24

  /// The share of moments in which a receiver fell silent, if the radar has several.
  var receiverLossShare = 0.1

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
    let speed = Double.exp(.random(in: -self.speed...self.speed, using: &generator))
    var window = features.window(centeredAt: example.middle + offset, stretch: speed)
    scaleVelocities(of: &window, by: speed, grid: grid)
    let level = Float(gain * gaussian(using: &generator) / grid.levelScale)
    move(&window, by: level, grid: grid, using: &generator)
    if happens(mixingShare, using: &generator),
      let other = set.quiet.randomElement(using: &generator)
    {
      let attenuation = Double.random(in: Self.attenuation, using: &generator)
      Self.add(
        echoesOf: set.window(of: other), attenuatedBy: attenuation, to: &window, grid: grid)
    }
    if happens(placeLossShare, using: &generator) { Self.losePlace(of: &window, grid: grid) }
    if happens(receiverLossShare, using: &generator) {
      Self.loseReceiver(of: &window, grid: grid, using: &generator)
    }
    if happens(lossShare, using: &generator) {
      loseFrames(of: &window, grid: grid, using: &generator)
    }
    for index in window.indices { window[index] += Float(noise * gaussian(using: &generator)) }
    return window
  }

  /// Whether something happens that happens to a share of moments.
  private func happens(
    _ share: Double, using generator: inout some RandomNumberGenerator
  ) -> Bool { Double.random(in: 0..<1, using: &generator) < share }

  /// Moves every echo to the velocity it would have if the hand were faster by `factor`.
  private func scaleVelocities(of window: inout [Float], by factor: Double, grid: FeatureGrid) {
    let source = window
    let middle = Double(grid.velocityBins - 1) / 2
    for bin in 0..<grid.velocityBins {
      let position = middle + (Double(bin) - middle) / factor
      let lower = min(max(Int(position.rounded(.down)), 0), grid.velocityBins - 2)
      let weight = Float(min(max(position - Double(lower), 0), 1))
      for step in 0..<grid.steps {
        let row = step * grid.featuresPerStep
        for channel in 0..<grid.channels {
          let place = row + lower * grid.channels + channel
          window[row + bin * grid.channels + channel] =
            source[place] * (1 - weight) + source[place + grid.channels] * weight
        }
      }
    }
  }

  /// Changes the level and the place of all echoes.
  private func move(
    _ window: inout [Float], by level: Float, grid: FeatureGrid,
    using generator: inout some RandomNumberGenerator
  ) {
    let offsets = grid.quantities.indices.map { channel in
      channel == 0 ? level : Float(place * gaussian(using: &generator))
    }
    // What is farther away by the range channel is so by the range gates.
    let farther = grid.rangeChannel.map { Double(offsets[$0]) * grid.rangeScale }
    // Silence stays silent: only an echo has a level and a place.
    for cell in stride(from: 0, to: window.count, by: grid.channels) where window[cell] > 0 {
      let presence = min(window[cell], 1)
      window[cell] = max(window[cell] + level, 0)
      for channel in offsets.indices.dropFirst() {
        window[cell + channel] += presence * offsets[channel]
      }
      grid.moveGates(of: &window, cell: cell, by: level, farther: farther ?? 0)
    }
  }

  /// Repeats what was there before a gap of up to a tenth of the window.
  private func loseFrames(
    of window: inout [Float], grid: FeatureGrid, using generator: inout some RandomNumberGenerator
  ) {
    let count = Int.random(in: 1...max(grid.steps / 10, 1), using: &generator)
    let first = Int.random(in: 1...grid.steps - count, using: &generator)
    let width = grid.featuresPerStep
    for step in first..<first + count {
      for index in 0..<width { window[step * width + index] = window[(first - 1) * width + index] }
    }
  }
}

/// A number from the standard normal distribution, by the method of Box and Muller.
func gaussian(using generator: inout some RandomNumberGenerator) -> Double {
  let radius = (-2 * Double.log(.random(in: Double.leastNonzeroMagnitude..<1, using: &generator)))
    .squareRoot()
  return radius * .cos(.random(in: 0..<2 * .pi, using: &generator))
}
