internal import Radar

extension FeatureGrid {
  /// Changes the echoes of one velocity as if they were louder, and came from farther away: what the range
  /// gates say moves on by as many gates as that is, between two of them in parts.
  ///
  /// Without gates nothing happens.
  ///
  /// - Parameters:
  ///   - features: The features of some steps, `[step, velocityBin, channel]`.
  ///   - cell: The place of the first channel of the velocity.
  ///   - level: By how much they are louder, in units of the level channel.
  ///   - distance: By how much they are farther away in metres.
  package func moveGates(
    of features: inout [Float], cell: Int, by level: Float, farther distance: Double
  ) {
    guard let rangeGates else { return }
    let first = cell + gateChannels.lowerBound
    let echoes = Array(features[first..<first + rangeGates.count])
    let shift = min(max(distance / rangeGates.width, -64), 64)
    let whole = Int(shift.rounded(.down))
    let weight = Float(shift - Double(whole))
    func echo(_ gate: Int) -> Float { echoes.indices.contains(gate) ? echoes[gate] : 0 }
    for gate in echoes.indices {
      let moved = echo(gate - whole) * (1 - weight) + echo(gate - whole - 1) * weight
      // Silence stays silent: only an echo has a level.
      features[first + gate] = moved > 0 ? max(moved + level, 0) : 0
    }
  }
}
