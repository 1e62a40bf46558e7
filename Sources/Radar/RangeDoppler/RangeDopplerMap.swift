/// The level reflected from each range bin at each radial velocity.
///
/// A map has shape `[rangeBin, dopplerBin]`, row-major: a row is the velocity spectrum of one
/// range bin. Zero velocity is at column `dopplerBins / 2`, with approach to its left. The levels
/// are powers of unnormalised transforms, summed over receivers, in decibels above one squared ADC
/// count.
@frozen
public struct RangeDopplerMap: Equatable, Sendable {
  /// The number of rows.
  public let rangeBins: Int

  /// The number of columns.
  public let dopplerBins: Int

  /// The start of the frame in seconds since the start of the recording.
  public var time: Double

  /// The share of chirps that were lost, from zero to one: they take no part.
  public var damage = 0.0

  /// The level of every cell in decibels, row-major.
  public internal(set) var levels: [Float]

  /// Creates a map of silence.
  public init(rangeBins: Int, dopplerBins: Int, time: Double = 0) {
    self.rangeBins = rangeBins
    self.dopplerBins = dopplerBins
    self.time = time
    levels = Array(repeating: 0, count: rangeBins * dopplerBins)
  }

  /// Creates a map that holds the frames of `waveform`.
  public init(waveform: Waveform) {
    self.init(rangeBins: waveform.rangeBins, dopplerBins: waveform.dopplerBins)
  }

  /// The level of one cell in decibels.
  @inlinable
  public subscript(rangeBin: Int, dopplerBin: Int) -> Float {
    precondition(dopplerBin >= 0 && dopplerBin < dopplerBins, "Doppler bin out of range")
    return levels[rangeBin * dopplerBins + dopplerBin]
  }

  /// The strongest cell.
  public var peak: (rangeBin: Int, dopplerBin: Int) {
    let index = levels.indices.max { levels[$0] < levels[$1] } ?? 0
    return (index / dopplerBins, index % dopplerBins)
  }
}
