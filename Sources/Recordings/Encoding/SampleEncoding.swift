/// How the samples of a recording lie in its bytes.
public struct SampleEncoding: Hashable, Sendable {
  /// Bytes between samples that are not samples.
  public struct Gap: Hashable, Sendable {
    /// The bytes of samples before the gap.
    public var position: Int

    /// The length of the gap in bytes.
    public var count: Int

    /// Creates a gap of `count` bytes behind `position` bytes of samples.
    public init(position: Int, count: Int) {
      self.position = position
      self.count = count
    }
  }

  /// How one sample is stored.
  public var datatype: Datatype

  /// How in-phase and quadrature numbers interleave, where samples are complex.
  public var order: SampleOrder

  /// The order of the axes, outermost first, from ``RecordingAxis/frame`` on.
  public var axes: [RecordingAxis]

  /// The low bits of an integer that have a meaning, and `nil` if all have one.
  ///
  /// Signed integers are extended from these bits. Unsigned ones keep their counts, so the middle
  /// of their scale stays in the samples as an offset.
  public var significantBits: Int?

  /// The receiver on each lane of the receiver axis, where `nil` is a lane that carries nothing,
  /// and `nil` for all of them if each receiver has its own place on the axis.
  public var lanes: [Int?]?

  /// The bytes of the header before each chirp: chirps must be the outermost axis of a frame.
  public var chirpHeaderBytes: Int

  /// How packets wrap the samples, and `nil` if there are none.
  public var packets: PacketFormat?

  /// The bytes to pass over, in the order of the file.
  public var gaps: [Gap]

  /// The bytes after the last sample.
  public var trailingBytes: Int

  /// Creates an encoding.
  ///
  /// - Parameters:
  ///   - datatype: How one sample is stored.
  ///   - order: How in-phase and quadrature numbers interleave.
  ///   - axes: The order of the axes, outermost first.
  ///   - significantBits: The low bits of an integer that have a meaning.
  ///   - lanes: The receiver on each lane of the receiver axis.
  ///   - chirpHeaderBytes: The bytes of the header before each chirp.
  ///   - packets: How packets wrap the samples.
  ///   - gaps: The bytes to pass over, in the order of the file.
  ///   - trailingBytes: The bytes after the last sample.
  public init(
    datatype: Datatype, order: SampleOrder = .iq,
    axes: [RecordingAxis] = SampleEncoding.canonicalAxes, significantBits: Int? = nil,
    lanes: [Int?]? = nil, chirpHeaderBytes: Int = 0, packets: PacketFormat? = nil,
    gaps: [Gap] = [], trailingBytes: Int = 0
  ) {
    self.datatype = datatype
    self.order = order
    self.axes = axes
    self.significantBits = significantBits
    self.lanes = lanes
    self.chirpHeaderBytes = chirpHeaderBytes
    self.packets = packets
    self.gaps = gaps
    self.trailingBytes = trailingBytes
  }

  /// The order of the axes in a frame: chirps of all transmitters, receivers, samples.
  public static let canonicalAxes: [RecordingAxis] = [.frame, .chirp, .receiver, .sample]
}
