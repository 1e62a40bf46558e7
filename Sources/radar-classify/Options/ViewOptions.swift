public import ArgumentParser
public import Pictures
import Radar
public import Spectra

/// What is shown of a recording, and how it is computed.
struct ViewOptions: ParsableArguments {
  @Option(
    help: """
      What is shown: range-doppler, spectrogram, range-time or angle-time (default: spectrogram \
      for a continuous wave, range-doppler for all others).
      """)
  var view: RecordingView?

  @Option(
    help: """
      The weights of samples and chirps: rectangular, hann, hamming, blackman or kaiser:BETA, with \
      -symmetric after it as NumPy makes them.
      """)
  var taper = Taper(.hann)

  @Option(help: "The chirps in a window of a spectrogram, an even number.")
  var window: Int?

  @Option(help: "The chirps from one window of a spectrogram to the next.")
  var hop: Int?

  @Flag(help: "Remove echoes that do not move: subtract the mean over a frame or window.")
  var removeMean = false

  @Option(help: "The only receiver that counts, from 0 (default: the sum of all).")
  var receiver: Int?

  mutating func validate() throws {
    if let window, window < 2 || window > 1 << 20 || !window.isMultiple(of: 2) {
      throw ValidationError("--window must be an even number from 2 to \(1 << 20).")
    }
    if let hop, hop < 1 || hop > 1 << 30 {
      throw ValidationError("--hop must be from 1 to \(1 << 30).")
    }
    if window != nil || hop != nil, let view, view != .spectrogram {
      throw ValidationError("--window and --hop go with --view spectrogram.")
    }
  }

  func settings(for waveform: Waveform) -> ViewSettings {
    var settings = ViewSettings(view: view ?? .usual(for: waveform))
    settings.taper = taper
    settings.window = window
    settings.hop = hop
    settings.removesMean = removeMean
    settings.receiver = receiver
    return settings
  }
}

extension RecordingView: ExpressibleByArgument {}

extension Taper: ExpressibleByArgument {
  /// The taper with this name.
  public init?(argument: String) { self.init(name: argument) }
}
