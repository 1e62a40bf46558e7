/// How the in-phase and quadrature numbers of complex samples interleave.
///
/// The samples of a frame form groups of one, two or four. A group holds all its numbers of one
/// kind, then all of the other.
public enum SampleOrder: String, CaseIterable, Hashable, Sendable {
  /// I before Q, sample by sample.
  case iq

  /// Q before I, sample by sample.
  case qi

  /// Groups of two samples, I first: what mmWave Studio writes for boards with two lanes.
  case i0i1q0q1

  /// Groups of two samples, Q first: what firmware of the mmWave SDK sends over two lanes.
  case q0q1i0i1

  /// Groups of four samples, I first: what boards with four lanes send, a receiver per lane.
  case i4q4

  /// Groups of four samples, Q first: the same from firmware that swaps I and Q.
  case q4i4

  /// The samples in a group.
  public var groupLength: Int {
    switch self {
    case .iq, .qi: 1
    case .i0i1q0q1, .q0q1i0i1: 2
    case .i4q4, .q4i4: 4
    }
  }

  /// Whether the quadrature numbers of a group come before the in-phase ones.
  public var startsWithQuadrature: Bool {
    self == .qi || self == .q0q1i0i1 || self == .q4i4
  }

  /// The sample, counted in file order, and the component that a scalar belongs to.
  ///
  /// - Parameter position: The scalars before this one.
  /// - Returns: The sample, and zero for its in-phase or one for its quadrature number.
  func locate(_ position: Int) -> (sample: Int, component: Int) {
    let (group, within) = position.quotientAndRemainder(dividingBy: 2 * groupLength)
    let (half, sample) = within.quotientAndRemainder(dividingBy: groupLength)
    return (group * groupLength + sample, startsWithQuadrature ? 1 - half : half)
  }
}

/// An axis of a recording.
public enum RecordingAxis: String, CaseIterable, Hashable, Sendable {
  /// Bursts of chirps.
  case frame

  /// The chirps of a frame: those of one transmitter if there is a ``transmitter`` axis.
  case chirp

  /// The transmitters that take turns.
  case transmitter

  /// The receivers that sample each chirp.
  case receiver

  /// The samples that a receiver takes of a chirp.
  case sample
}
