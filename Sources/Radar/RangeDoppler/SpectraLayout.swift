/// Where the bins of complex spectra of several channels lie in memory.
struct SpectraLayout: Hashable, Sendable {
  var channels: Int
  var dopplerBins: Int
  var rangeBins: Int

  /// The bins from one channel to the next, and from one range bin to the next: those of one range
  /// bin lie side by side.
  var channelStride: Int
  var rangeStride: Int

  /// Whether zero velocity stands first, as FFTW leaves it, or in the middle.
  var startsAtZeroVelocity: Bool

  /// The place of a bin in floats, where `dopplerBin` counts zero velocity as `dopplerBins / 2`.
  @inline(__always)
  func offset(channel: Int, dopplerBin: Int, rangeBin: Int) -> Int {
    let place =
      startsAtZeroVelocity ? (dopplerBin + dopplerBins - dopplerBins / 2) % dopplerBins : dopplerBin
    return 2 * (channel * channelStride + rangeBin * rangeStride + place)
  }
}
