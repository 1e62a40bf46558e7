/// What a radar measured in one burst of chirps.
///
/// | Data           | Shape                                  | Unit       |
/// |:---------------|:---------------------------------------|:-----------|
/// | ``samples``    | `[chirp, receiver, sample, component]` | ADC counts |
/// | ``validity``   | `[chirp]`                              | –          |
///
/// The component axis has length one for real samples, and two (in-phase, quadrature) for complex
/// ones.
public struct Frame: Equatable, Sendable {
  /// The number of samples along each axis.
  public let shape: FrameShape

  /// The number of frames before this one, lost ones included.
  public var index: Int

  /// The start of the first chirp in seconds since the start of the recording.
  public var time: Double

  /// The samples in ADC counts, row-major.
  public var samples: [Float]

  /// Whether each chirp was received: the samples of a chirp that was lost are zero.
  public var validity: [Bool]

  /// Creates a frame of zeros whose chirps are all valid.
  public init(shape: FrameShape, index: Int = 0, time: Double = 0) {
    self.shape = shape
    self.index = index
    self.time = time
    samples = Array(repeating: 0, count: shape.scalarCount)
    validity = Array(repeating: true, count: shape.chirps)
  }

  /// The share of chirps that were lost, from zero to one.
  public var damage: Double {
    // A loop, because a closure costs an allocation each time in debug builds.
    var lost = 0
    for chirp in validity.indices where !validity[chirp] { lost += 1 }
    return Double(lost) / Double(validity.count)
  }
}
