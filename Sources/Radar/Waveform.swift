/// The speed of light in metres per second.
public let speedOfLight = 299_792_458.0

/// What a radar transmits, how its receivers sample the echo, and the axes that follow from it.
///
/// A continuous-wave radar takes a stream without frames: its waveform has chirps of one sample,
/// and frames that follow each other without a gap, as long as is handy.
public struct Waveform: Hashable, Sendable {
  /// How the range axis arises.
  public enum Ranging: Hashable, Sendable {
    /// From the beat frequency of a chirp that sweeps `bandwidth` hertz while it is sampled (FMCW).
    case beat(bandwidth: Double)

    /// Not at all: the carrier does not change (CW).
    case none

    /// The sensor samples range itself, from `start` in steps of `step`, both in metres (pulsed).
    case sampled(start: Double, step: Double)
  }

  /// How the range axis arises.
  public var ranging: Ranging

  /// The centre of the sampled sweep, or the carrier, in hertz.
  public var centerFrequency: Double

  /// The time from the start of a chirp to the start of the next, of any transmitter, in seconds.
  public var chirpInterval: Double

  /// The time from the start of a frame to the start of the next in seconds.
  public var frameInterval: Double

  /// The number of samples along each axis of a frame.
  public var shape: FrameShape

  /// Where the receivers stand in the plane of the antenna, in metres: `x` to the right as the
  /// radar looks out, `y` up.
  public var receiverPositions: [SIMD2<Double>]

  /// Creates a waveform.
  ///
  /// - Parameters:
  ///   - ranging: How the range axis arises.
  ///   - centerFrequency: The centre of the sampled sweep, or the carrier, in hertz.
  ///   - chirpInterval: From the start of a chirp to the start of the next in seconds.
  ///   - frameInterval: From the start of a frame to the start of the next in seconds.
  ///   - shape: The number of samples along each axis of a frame.
  ///   - receiverPositions: Where the receivers stand, in metres. Without it they stand in a row
  ///     from left to right, half a wavelength apart.
  /// - Precondition: Frequencies and intervals are positive, and there is a position for every
  ///   receiver if there is one for any.
  public init(
    ranging: Ranging, centerFrequency: Double, chirpInterval: Double, frameInterval: Double,
    shape: FrameShape, receiverPositions: [SIMD2<Double>]? = nil
  ) {
    precondition(
      centerFrequency > 0 && chirpInterval > 0 && frameInterval > 0,
      "a waveform needs a positive frequency and positive intervals")
    precondition(
      receiverPositions == nil || receiverPositions?.count == shape.receivers,
      "a waveform needs a position for each of its \(shape.receivers) receivers")
    self.ranging = ranging
    self.centerFrequency = centerFrequency
    self.chirpInterval = chirpInterval
    self.frameInterval = frameInterval
    self.shape = shape
    let halfWavelength = speedOfLight / centerFrequency / 2
    self.receiverPositions =
      receiverPositions
      ?? (0..<shape.receivers).map { SIMD2(Double($0) * halfWavelength, 0) }
  }
}

// MARK: - Wave

extension Waveform {
  /// The kinds of waveform by their names in a sidecar.
  public enum Kind: String, CaseIterable, Hashable, Sendable {
    /// Frequency-modulated continuous wave.
    case fmcw

    /// Unmodulated continuous wave.
    case cw

    /// Pulses, sampled over range by the sensor.
    case pulsed
  }

  /// The kind of waveform.
  public var kind: Kind {
    switch ranging {
    case .beat: .fmcw
    case .none: .cw
    case .sampled: .pulsed
    }
  }

  /// The wavelength at the centre frequency in metres.
  public var wavelength: Double { speedOfLight / centerFrequency }

  /// Whether chirps are evenly spaced across the borders of frames.
  public var isContinuous: Bool {
    abs(frameInterval - Double(shape.chirps) * chirpInterval) < 1e-3 * chirpInterval
  }
}

// MARK: - Range

extension Waveform {
  /// The number of bins on the range axis: real samples give half a spectrum.
  public var rangeBins: Int {
    switch ranging {
    case .beat:
      shape.sampleKind == .real ? max(shape.samplesPerChirp / 2, 1) : shape.samplesPerChirp
    case .none: 1
    case .sampled: shape.samplesPerChirp
    }
  }

  /// The distance between neighbouring range bins in metres, and `nil` without a range axis.
  ///
  /// *c* / 2*B* for a sweep of *B* hertz.
  public var rangeResolution: Double? {
    switch ranging {
    case .beat(let bandwidth): speedOfLight / (2 * bandwidth)
    case .none: nil
    case .sampled(_, let step): step
    }
  }

  /// The range at which the axis ends in metres, and `nil` without a range axis.
  public var maximumRange: Double? {
    switch ranging {
    case .beat: rangeResolution.map { Double(rangeBins) * $0 }
    case .none: nil
    case .sampled(let start, let step): start + Double(rangeBins - 1) * step
    }
  }

  /// The range of `bin` in metres, and `nil` without a range axis.
  public func range(ofBin bin: Int) -> Double? {
    switch ranging {
    case .beat: rangeResolution.map { Double(bin) * $0 }
    case .none: nil
    case .sampled(let start, let step): start + Double(bin) * step
    }
  }
}

// MARK: - Velocity

extension Waveform {
  /// The time between chirps of one transmitter in seconds.
  public var pulseInterval: Double { chirpInterval * Double(shape.transmitters) }

  /// The number of chirps of one transmitter in a frame, and so of bins on the velocity axis.
  public var dopplerBins: Int { shape.chirps / shape.transmitters }

  /// The highest velocity without ambiguity in metres per second: *λ* / 4*T*.
  public var maximumVelocity: Double { wavelength / (4 * pulseInterval) }

  /// The distance between neighbouring Doppler bins in metres per second: *λ* / 2*NT*.
  public var velocityResolution: Double {
    wavelength / (2 * pulseInterval * Double(dopplerBins))
  }

  /// The velocity at the centre of `dopplerBin` in metres per second.
  ///
  /// Velocity is the rate at which range grows: it is negative for a hand that approaches. Zero
  /// stands at bin `dopplerBins / 2`.
  public func velocity(ofDopplerBin dopplerBin: Int) -> Double {
    Double(dopplerBin - dopplerBins / 2) * velocityResolution
  }
}
