internal import RealModule

/// The level of the noise in a stream, followed from spectrum to spectrum.
///
/// A model knows what silence was in the recordings that it learned from. Another amplifier, or a
/// jammer, raises the noise of a radar above it, and all of it would look like motion. A hand fills a
/// part of the velocity axis, noise all of it: so the level that a tenth of the velocities lie below is
/// the noise, and what rises with it is silence still.
package struct NoiseFloor: Sendable {
  /// The level of the noise that a tenth of the cells lay below in the last spectra, in decibels.
  private var level: Double?

  /// The level that silence had in the recordings that a model learned from.
  private let usual: Double

  /// By how much the noise may exceed that before it counts: a hand that moves fast blurs along the
  /// axis too.
  private static let margin = 3.0

  /// How much of its distance to what was measured the level goes with each spectrum, upwards and
  /// downwards: noise stays, and what comes and goes is a hand.
  private static let rates = (up: 0.02, down: 0.2)

  package init(usual: Double) { self.usual = usual }

  /// Takes notice of the powers at all velocities but zero of one more spectrum.
  package mutating func follow(_ powers: some Sequence<Float>) {
    let sorted = powers.filter { $0 > 0 }.sorted()
    guard !sorted.isEmpty else { return }
    let measured = 10 * Double.log10(Double(sorted[sorted.count / 10]))
    let known = level ?? measured
    level = known + (measured - known) * (measured > known ? Self.rates.up : Self.rates.down)
  }

  /// The level that counts as silence now, in decibels.
  package var silence: Double { max(usual, (level ?? usual) - Self.margin) }

  /// The level of the noise now, in decibels: that which silence had, or what it has risen to.
  package var noise: Double { max(usual, level ?? usual) }
}
