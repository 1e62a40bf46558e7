/// Where the bins of complex spectra of several channels lie in memory.
struct SpectraLayout: Hashable, Sendable {
  var channels: Int
  var dopplerBins: Int
  var rangeBins: Int

  /// The bins from one Doppler row to the next, of which the first ``rangeBins`` are of use.
  var rowLength: Int

  /// Whether zero velocity stands in the first row, as FFTW leaves it, or in the middle.
  var startsAtZeroVelocity: Bool

  /// The place of a bin in floats, where `dopplerBin` counts zero velocity as `dopplerBins / 2`.
  @inline(__always)
  func offset(channel: Int, dopplerBin: Int, rangeBin: Int) -> Int {
    let row =
      startsAtZeroVelocity ? (dopplerBin + dopplerBins - dopplerBins / 2) % dopplerBins : dopplerBin
    return 2 * ((channel * dopplerBins + row) * rowLength + rangeBin)
  }
}
