public import Spectra

/// How the chirps of a range gate become a micro-Doppler spectrogram.
public struct MicroDopplerConfiguration: Hashable, Sendable {
  /// The range bins whose echoes are summed.
  public enum Gate: Hashable, Sendable {
    /// The same ones all the time.
    case fixed(Range<Int>)

    /// So many around the bin with the strongest moving echo.
    case following(width: Int)
  }

  /// The range bins whose echoes are summed.
  public var gate: Gate

  /// The chirps that a window is long.
  public var window: Int

  /// The chirps from the start of a window to the start of the next.
  public var hop: Int

  /// The weights of a window, and of the samples of a chirp.
  public var taper: Taper

  /// Whether the mean of what a window holds, which does not move, is subtracted.
  public var removesMean: Bool

  /// Whether power is moved to where its phase says that it belongs.
  public var reassigns: Bool

  /// Creates a configuration.
  public init(
    gate: Gate = .following(width: 3), window: Int, hop: Int, taper: Taper = Taper(.hann),
    removesMean: Bool = true, reassigns: Bool = false
  ) {
    self.gate = gate
    self.window = window
    self.hop = hop
    self.taper = taper
    self.removesMean = removesMean
    self.reassigns = reassigns
  }
}
