internal import Radar
internal import RealModule

/// Brings the motion spectra of one radar onto the velocity axis of a grid.
///
/// Between Doppler bins power is interpolated linearly; where several of them fall into one bin of
/// the grid, the strongest counts, so that a narrow echo keeps its level. Velocities that the radar
/// cannot tell stay silent.
struct VelocityResampling: Sendable {
  private let grid: FeatureGrid
  private let sourceBins: Int

  /// The row of each quantity of the grid in the spectra of the radar.
  private let rows: [Int]

  /// The Doppler bins of the fast echoes: a quarter of the velocity axis at either end.
  private let fastBins: [Int]

  /// The Doppler bins of what moves at all: all of the velocity axis but a quarter in its middle.
  private let movingBins: [Int]

  /// The Doppler bins behind each bin of the grid.
  private let supports: [Support]

  /// Where the power of a bin of the grid comes from.
  private enum Support {
    /// The radar cannot tell this velocity.
    case nowhere

    /// Between a Doppler bin and the next, the next having a share of `weight`.
    case between(Int, weight: Float)

    /// All Doppler bins whose centres fall into the bin of the grid.
    case covering(Range<Int>)
  }

  init(grid: FeatureGrid, quantities: [FeatureGrid.Quantity], velocities: [Double]) {
    self.grid = grid
    sourceBins = velocities.count
    rows = grid.quantities.compactMap { quantities.firstIndex(of: $0) }
    precondition(rows.count == grid.quantities.count, "the radar lacks a quantity of the grid")
    let axis = velocities.indices.filter { abs(velocities[$0]) < 1.001 * grid.maximumVelocity }
    fastBins = Array(axis.prefix(axis.count / 4) + axis.suffix(axis.count / 4))
    movingBins = Array(axis.prefix(axis.count * 3 / 8) + axis.suffix(axis.count * 3 / 8))
    let sourceStep = velocities.count > 1 ? velocities[1] - velocities[0] : 1
    let gridStep = 2 * grid.maximumVelocity / Double(grid.velocityBins)
    supports = (0..<grid.velocityBins).map { bin in
      let centre = (grid.velocity(ofBin: bin) - velocities[0]) / sourceStep
      if sourceStep >= gridStep {
        let lower = Int(centre.rounded(.down))
        guard lower >= 0, lower < velocities.count - 1 else { return .nowhere }
        return .between(lower, weight: Float(centre - Double(lower)))
      }
      let half = gridStep / sourceStep / 2
      let first = max(Int((centre - half).rounded(.up)), 0)
      let last = min(Int((centre + half).rounded(.up)), velocities.count)
      return first < last ? .covering(first..<last) : .nowhere
    }
  }

  /// The powers of all velocities of one spectrum but zero, of which clutter removal leaves nothing.
  func powers(of spectrum: MotionSpectrum) -> some Sequence<Float> {
    let row = rows[0] * sourceBins
    return (0..<sourceBins).lazy.filter { $0 != sourceBins / 2 }.map { spectrum.values[row + $0] }
  }

  /// The features of one spectrum, `[velocityBin, channel]`, where `silence` is the level of silence in
  /// decibels.
  func features(of spectrum: MotionSpectrum, silence: Double) -> [Float] {
    var features = [Float](repeating: 0, count: grid.featuresPerStep)
    for (bin, support) in supports.enumerated() {
      guard let power = power(in: spectrum.values, row: rows[0], support: support)
      else { continue }
      let level = level(of: power.value, silence: silence)
      guard level > 0 else { continue }
      for (gate, channel) in grid.gateChannels.enumerated() {
        let power = self.power(in: spectrum.gatePowers, row: gate, support: support)?.value ?? 0
        let level = self.level(of: power, silence: silence)
        features[bin * grid.channels + channel] = min(max(level, 0), 4)
      }
      let presence = min(level, 1)
      for (channel, quantity) in grid.quantities.enumerated() {
        let value = spectrum.values[rows[channel] * sourceBins + power.strongest]
        features[bin * grid.channels + channel] =
          switch quantity {
          case .power: min(level, 4)
          case .range:
            presence * min(max((value - Float(grid.middleRange)) / Float(grid.rangeScale), -2), 2)
          case .horizontal, .vertical: presence * 2 * value
          }
      }
    }
    return features
  }

  /// The level of a power, counted from silence.
  private func level(of power: Float, silence: Double) -> Float {
    (10 * Float.log10(max(power, 1e-12)) - Float(silence)) / Float(grid.levelScale)
  }

  /// The mean power of the fast echoes of one spectrum, in units of the power of silence, whose level
  /// is `silence` in decibels.
  func fastPower(of spectrum: MotionSpectrum, silence: Double) -> Float {
    meanPower(in: fastBins, of: spectrum, unit: silence)
  }

  /// The mean power of the moving echoes of one spectrum, in units of the power of the noise, whose level
  /// is `noise` in decibels.
  func movingPower(of spectrum: MotionSpectrum, noise: Double) -> Float {
    meanPower(in: movingBins, of: spectrum, unit: noise)
  }

  /// The mean power in some Doppler bins, in units of the power whose level is `unit` in decibels.
  private func meanPower(in bins: [Int], of spectrum: MotionSpectrum, unit: Double) -> Float {
    let row = rows[0] * sourceBins
    let sum = bins.reduce(Float(0)) { $0 + spectrum.values[row + $1] }
    return sum / (Float(max(bins.count, 1)) * Float.pow(10, Float(unit / 10)))
  }

  /// The power in a bin of the grid and the Doppler bin that gives most of it, by a row of powers.
  private func power(
    in powers: [Float], row: Int, support: Support
  ) -> (value: Float, strongest: Int)? {
    let row = row * sourceBins
    switch support {
    case .nowhere: return nil
    case .between(let first, let weight):
      let lower = powers[row + first]
      let upper = powers[row + first + 1]
      return (lower * (1 - weight) + upper * weight, lower > upper ? first : first + 1)
    case .covering(let bins):
      var strongest = bins.lowerBound
      for bin in bins where powers[row + bin] > powers[row + strongest] {
        strongest = bin
      }
      return (powers[row + strongest], strongest)
    }
  }
}
