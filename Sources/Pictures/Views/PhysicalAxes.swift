internal import Radar

extension PictureAxis {
  /// The range axis of `waveform`, and `nil` without one.
  static func range(of waveform: Waveform) -> PictureAxis? {
    guard let step = waveform.rangeResolution, let first = waveform.range(ofBin: 0), step > 0
    else { return nil }
    return PictureAxis(
      title: "range (m)", unit: "m", count: waveform.rangeBins, first: first, step: step)
  }

  /// The velocity axis of the chirps of a frame of `waveform`, or of `bins` of them.
  static func velocity(of waveform: Waveform, bins: Int? = nil) -> PictureAxis {
    let bins = bins ?? waveform.dopplerBins
    let step = waveform.wavelength / (2 * waveform.pulseInterval * Double(bins))
    return PictureAxis(
      title: "velocity (m/s), negative: approaching", unit: "m/s", count: bins,
      first: -Double(bins / 2) * step, step: step)
  }
}

extension Waveform {
  /// What the radar is, in words.
  var caption: String {
    let receivers = shape.receivers == 1 ? "1 receiver" : "\(shape.receivers) receivers"
    let rhythm =
      isContinuous
      ? "\(number(1 / chirpInterval, decimals: 0)) chirps a second"
      : "\(shape.chirps) chirps every \(number(1000 * frameInterval, decimals: 1)) ms"
    return "\(kind.rawValue) at \(number(centerFrequency / 1e9, decimals: 2)) GHz, \(receivers), "
      + rhythm
  }
}
