public import Spectra

/// Turns frames of ADC samples into range–Doppler maps.
///
/// A processor owns its plans and buffers, so it moves and is never copied, and
/// ``process(_:into:)`` allocates nothing.
public struct RangeDopplerProcessor: ~Copyable {
  private var transform: RangeDopplerTransform
  private var power: [Float]

  /// Creates a processor for the frames of `waveform`.
  ///
  /// - Parameters:
  ///   - waveform: The waveform of the frames.
  ///   - rangeTaper: The weights of the samples of a chirp.
  ///   - dopplerTaper: The weights of the chirps of a frame.
  ///   - clutterRemoval: What is done about echoes that do not move.
  ///   - effort: How hard to look for a fast plan.
  public init(
    waveform: Waveform, rangeTaper: Taper = Taper(.hann), dopplerTaper: Taper = Taper(.hann),
    clutterRemoval: ClutterRemoval = .mean, effort: PlanningEffort = .estimate
  ) {
    transform = RangeDopplerTransform(
      waveform: waveform, rangeTaper: rangeTaper, dopplerTaper: dopplerTaper,
      clutterRemoval: clutterRemoval, effort: effort)
    power = Array(repeating: 0, count: waveform.rangeBins * waveform.dopplerBins)
  }

  /// The waveform of the frames.
  public var waveform: Waveform { transform.waveform }

  /// Replaces `map` with the levels in `frame`, summed over receivers.
  ///
  /// - Parameters:
  ///   - frame: ADC samples of shape `[chirp, receiver, sample]`.
  ///   - map: The map to overwrite.
  /// - Precondition: `frame` and `map` have the shape of the waveform.
  /// - Complexity: O(*n* log *n*), where *n* is the number of samples in a frame.
  public mutating func process(_ frame: borrowing Frame, into map: inout RangeDopplerMap) {
    precondition(
      map.rangeBins == waveform.rangeBins && map.dopplerBins == waveform.dopplerBins,
      "the map does not fit the waveform")
    transform.transform(frame)
    transform.sumPower(into: &power)
    map.time = frame.time
    map.damage = frame.damage
    for index in power.indices { map.levels[index] = decibels(power: power[index]) }
  }
}

extension RangeDopplerTransform {
  /// Replaces `power` with the power of each cell, summed over channels, `[rangeBin, dopplerBin]`.
  ///
  /// - Precondition: `power` has a place for each cell.
  public func sumPower(into power: inout [Float]) {
    let rangeBins = waveform.rangeBins
    let dopplerBins = waveform.dopplerBins
    precondition(power.count == rangeBins * dopplerBins, "the power does not fit the waveform")
    let values = spectra.span
    for index in power.indices { power[index] = 0 }
    for channel in 0..<channels {
      for dopplerBin in 0..<dopplerBins {
        let row = layout.offset(channel: channel, dopplerBin: dopplerBin, rangeBin: 0)
        for rangeBin in 0..<rangeBins {
          let real = values[row + 2 * rangeBin]
          let imaginary = values[row + 2 * rangeBin + 1]
          power[rangeBin * dopplerBins + dopplerBin] += real * real + imaginary * imaginary
        }
      }
    }
  }
}
