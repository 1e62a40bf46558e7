/// What moves at each radial velocity at one moment, and where.
///
/// This is a column of a micro-Doppler spectrogram that also knows, for each velocity, the range
/// and direction its power comes from: the means over all echoes with that velocity, weighted by
/// their power.
public struct MotionSpectrum: Equatable, Sendable {
  /// What is known about the echoes of one velocity.
  public enum Quantity: String, CaseIterable, Hashable, Sendable {
    /// Their power in squared ADC counts, that of a unit amplitude being one.
    case power

    /// Their mean range in metres.
    case range

    /// Their mean direction cosine to the right.
    case horizontal

    /// Their mean direction cosine upwards.
    case vertical
  }

  /// The middle of the time measured, in seconds since the start of the recording.
  public var time: Double

  /// The share of chirps that were lost, from zero to one.
  public var damage: Double

  /// The quantities of each velocity, `[quantity, dopplerBin]`, zero velocity in the middle.
  public var values: [Float]

  /// The power of each velocity in each range gate, `[gate, dopplerBin]`, in the unit of the power among
  /// the quantities; empty without gates.
  ///
  /// Where the gates cover the whole range axis, they add up to that power.
  public var gatePowers: [Float]
}
