internal import Radar
internal import RealModule

extension Augmentation {
  /// Adds the echoes of another moment of the same radar, as if someone moved behind the hand.
  ///
  /// Powers add up, and where an echo comes from is told by the stronger one, as in a range–Doppler
  /// map with both.
  ///
  /// - Parameters:
  ///   - other: The other moment.
  ///   - attenuation: By how much its echoes are weaker here than there, in decibels.
  ///   - window: The moment that they are added to.
  ///   - grid: The axes of both.
  package static func add(
    echoesOf other: [Float], attenuatedBy attenuation: Double = 0, to window: inout [Float],
    grid: FeatureGrid
  ) {
    let scale = Float(grid.levelScale)
    let loss = Float(attenuation) / scale
    for cell in stride(from: 0, to: window.count, by: grid.channels) where other[cell] > loss {
      if other[cell] - loss > window[cell] {
        for channel in grid.quantities.indices.dropFirst() {
          window[cell + channel] = other[cell + channel]
        }
      }
      for place in [cell] + grid.gateChannels.map({ cell + $0 }) where other[place] > loss {
        // A level of zero is silence, whose power must not be counted twice.
        let (known, added) = (max(window[place], 0), other[place] - loss)
        let power = Float.pow(10, known * scale / 10) + Float.pow(10, added * scale / 10) - 1
        window[place] = min(10 * .log10(power) / scale, 4)
      }
    }
  }

  /// Takes away what a window tells of the place of echoes.
  static func losePlace(of window: inout [Float], grid: FeatureGrid) {
    for cell in stride(from: 0, to: window.count, by: grid.channels) {
      for channel in 1..<max(grid.channels, 1) { window[cell + channel] = 0 }
    }
  }

  /// Takes away what a receiver told that fell silent: one of the directions, and its share of the
  /// power.
  ///
  /// Directions are told by pairs of receivers, so a radar that tells none has no receiver to lose, and
  /// one that tells *n* has at least *n* + 1.
  package static func loseReceiver(
    of window: inout [Float], grid: FeatureGrid, using generator: inout some RandomNumberGenerator
  ) {
    let directions = grid.quantities.indices.filter {
      [.horizontal, .vertical].contains(grid.quantities[$0])
    }
    guard let lost = directions.randomElement(using: &generator) else { return }
    let receivers = Float(directions.count + 1)
    let level = 10 * .log10((receivers - 1) / receivers) / Float(grid.levelScale)
    for cell in stride(from: 0, to: window.count, by: grid.channels) where window[cell] > 0 {
      for place in [cell] + grid.gateChannels.map({ cell + $0 }) {
        window[place] = max(window[place] + level, 0)
      }
      window[cell + lost] = 0
    }
  }
}
