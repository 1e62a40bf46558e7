public import Spectra

/// How frames become range–Doppler maps.
public struct RangeDopplerConfiguration: Hashable, Sendable {
  /// The weights of the samples of a chirp; without effect unless the range axis arises from the
  /// beat frequency.
  public var rangeTaper: Taper

  /// The weights of the chirps of a frame.
  public var dopplerTaper: Taper

  /// What is done about echoes that do not move.
  public var clutterRemoval: ClutterRemoval

  /// How many bins on either side of zero velocity are cut out together with it; none without it.
  public var notch: Int?

  /// The length of the transform over range, beyond the samples of a chirp padded with zeros; as
  /// long as they are without it.
  public var rangeLength: Int?

  /// The length of the transform over the chirps of a transmitter, padded likewise.
  public var dopplerLength: Int?

  /// Creates a configuration.
  public init(
    rangeTaper: Taper = Taper(.hann), dopplerTaper: Taper = Taper(.hann),
    clutterRemoval: ClutterRemoval = .mean, notch: Int? = nil, rangeLength: Int? = nil,
    dopplerLength: Int? = nil
  ) {
    self.rangeTaper = rangeTaper
    self.dopplerTaper = dopplerTaper
    self.clutterRemoval = clutterRemoval
    self.notch = notch
    self.rangeLength = rangeLength
    self.dopplerLength = dopplerLength
  }

  /// The axes of the maps of `waveform`.
  ///
  /// - Precondition: Transforms are not shorter than what they transform.
  public func axes(of waveform: Waveform) -> RangeDopplerAxes {
    RangeDopplerAxes(
      waveform: waveform, rangeLength: rangeLength ?? waveform.shape.samplesPerChirp,
      dopplerLength: dopplerLength ?? waveform.dopplerBins)
  }
}

/// What the bins of a range–Doppler map mean.
public struct RangeDopplerAxes: Hashable, Sendable {
  /// The waveform of the frames.
  public let waveform: Waveform

  /// The length of the transform over the samples of a chirp.
  public let rangeLength: Int

  /// The bins on the velocity axis: the length of the transform over the chirps of a transmitter.
  public let dopplerBins: Int

  init(waveform: Waveform, rangeLength: Int, dopplerLength: Int) {
    let shape = waveform.shape
    precondition(
      rangeLength >= shape.samplesPerChirp && dopplerLength >= waveform.dopplerBins,
      "transforms of \(rangeLength) × \(dopplerLength) are shorter than a frame")
    precondition(
      waveform.kind == .fmcw || rangeLength == shape.samplesPerChirp,
      "a radar that does not sweep has no transform over range to pad")
    self.waveform = waveform
    self.rangeLength = rangeLength
    dopplerBins = dopplerLength
  }

  /// The bins on the range axis: real samples give half a spectrum.
  public var rangeBins: Int {
    guard waveform.kind == .fmcw else { return waveform.rangeBins }
    return waveform.shape.sampleKind == .real ? max(rangeLength / 2, 1) : rangeLength
  }

  /// The range of `bin` in metres, and `nil` without a range axis.
  public func range(ofBin bin: Int) -> Double? {
    guard case .beat = waveform.ranging else { return waveform.range(ofBin: bin) }
    return waveform.rangeResolution.map {
      Double(bin) * $0 * Double(waveform.shape.samplesPerChirp) / Double(rangeLength)
    }
  }

  /// The velocity at the centre of `dopplerBin` in metres per second.
  ///
  /// Zero stands at bin `dopplerBins / 2`.
  public func velocity(ofDopplerBin dopplerBin: Int) -> Double {
    Double(dopplerBin - dopplerBins / 2) * waveform.wavelength
      / (2 * waveform.pulseInterval * Double(dopplerBins))
  }
}
