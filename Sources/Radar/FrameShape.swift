/// The number of samples in a frame along each of its axes.
///
/// A frame is an array of shape `[chirp, receiver, sample]`, row-major. For a continuous-wave radar
/// a chirp is one sample long, for a pulsed radar it is one sweep over range.
public struct FrameShape: Hashable, Sendable {
  /// What one sample consists of.
  public enum SampleKind: String, Hashable, Sendable {
    /// One number, as the ADC of a receiver without a quadrature mixer writes.
    case real

    /// An in-phase and a quadrature number.
    case complex

    /// The number of scalars in a sample.
    @inlinable public var components: Int { self == .real ? 1 : 2 }
  }

  /// The chirps in a frame, those of all transmitters together.
  public var chirps: Int

  /// The receivers that sample each chirp.
  public var receivers: Int

  /// The samples that a receiver takes of each chirp.
  public var samplesPerChirp: Int

  /// What one sample consists of.
  public var sampleKind: SampleKind

  /// The transmitters that take turns, in the order of the chirps.
  public var transmitters: Int

  /// Creates a shape.
  ///
  /// - Precondition: Every count is positive, and `chirps` is a multiple of `transmitters`.
  public init(
    chirps: Int, receivers: Int, samplesPerChirp: Int, sampleKind: SampleKind,
    transmitters: Int = 1
  ) {
    precondition(
      chirps > 0 && receivers > 0 && samplesPerChirp > 0 && transmitters > 0,
      "a frame needs at least one chirp, receiver, sample and transmitter")
    precondition(
      chirps.isMultiple(of: transmitters), "every transmitter needs the same number of chirps")
    self.chirps = chirps
    self.receivers = receivers
    self.samplesPerChirp = samplesPerChirp
    self.sampleKind = sampleKind
    self.transmitters = transmitters
  }

  /// The samples in a frame, real or complex ones.
  public var sampleCount: Int { chirps * receivers * samplesPerChirp }

  /// The scalars in a frame: a complex sample has two.
  public var scalarCount: Int { sampleCount * sampleKind.components }

  /// The scalars in a chirp of all receivers.
  public var scalarsPerChirp: Int { receivers * samplesPerChirp * sampleKind.components }
}
