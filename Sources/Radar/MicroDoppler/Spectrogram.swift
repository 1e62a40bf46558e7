/// The level of the echoes at each velocity as time goes by.
///
/// A spectrogram has shape `[time, dopplerBin]`, row-major, and knows its axes. Zero velocity
/// stands at column `velocities.count / 2`. Levels are powers of unnormalised transforms, summed
/// over receivers and range bins, in decibels above one squared ADC count.
public struct Spectrogram: Equatable, Sendable {
  /// The middle of the window of each row in seconds since the start of the recording.
  public internal(set) var times: [Double] = []

  /// The share of chirps in the window of each row that were lost, from zero to one.
  public internal(set) var damages: [Double] = []

  /// The velocity of each column in metres per second.
  public let velocities: [Double]

  /// The level of every cell in decibels, row-major.
  public internal(set) var levels: [Float] = []

  /// Forgets all rows, and keeps their memory for others.
  public mutating func removeRows() {
    times.removeAll(keepingCapacity: true)
    damages.removeAll(keepingCapacity: true)
    levels.removeAll(keepingCapacity: true)
  }

  /// The level of one cell in decibels.
  public subscript(time: Int, dopplerBin: Int) -> Float {
    precondition(velocities.indices.contains(dopplerBin), "Doppler bin out of range")
    return levels[time * velocities.count + dopplerBin]
  }
}
