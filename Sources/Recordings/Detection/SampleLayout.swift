public import Radar

/// How the numbers of a chirp lie in its bytes, as far as the samples themselves can tell.
public struct SampleLayout: Hashable, Sendable {
  /// Whether a sample is one number or two.
  public var sampleKind: FrameShape.SampleKind

  /// How in-phase and quadrature numbers interleave: `iq` for real samples.
  public var order: SampleOrder

  /// Whether what the receivers sampled at once lies side by side, as boards with four lanes send
  /// it, or one receiver after another.
  public var interleavesReceivers: Bool

  /// The receivers, lanes that carry nothing included.
  public var receivers: Int

  /// Creates a layout.
  public init(
    _ sampleKind: FrameShape.SampleKind, order: SampleOrder = .iq, interleavesReceivers: Bool,
    receivers: Int
  ) {
    self.sampleKind = sampleKind
    self.order = order
    self.interleavesReceivers = interleavesReceivers && receivers > 1
    self.receivers = receivers
  }

  /// The layout of a recording by its sidecar.
  public init(of metadata: RecordingMetadata) {
    let encoding = metadata.encoding
    let axes = encoding.axes
    let sample = axes.firstIndex(of: .sample) ?? axes.endIndex
    let receiver = axes.firstIndex(of: .receiver) ?? axes.startIndex
    self.init(
      encoding.datatype.sampleKind,
      order: encoding.datatype.sampleKind == .real ? .iq : encoding.order,
      interleavesReceivers: sample < receiver,
      receivers: encoding.lanes?.count ?? metadata.waveform.shape.receivers)
  }

  /// The same layout with I and Q exchanged, and `nil` for real samples.
  var mirrored: SampleLayout? {
    let mirrors: [SampleOrder: SampleOrder] = [
      .iq: .qi, .qi: .iq, .i0i1q0q1: .q0q1i0i1, .q0q1i0i1: .i0i1q0q1, .i4q4: .q4i4, .q4i4: .i4q4,
    ]
    guard sampleKind == .complex, let order = mirrors[order] else { return nil }
    var mirrored = self
    mirrored.order = order
    return mirrored
  }

  /// The layouts that devices have, one of each pair that differ in nothing but I and Q.
  static func candidates(receivers: Int) -> [SampleLayout] {
    let four = max(receivers, 4)
    var layouts = [
      SampleLayout(.complex, order: .iq, interleavesReceivers: false, receivers: receivers),
      SampleLayout(.complex, order: .i0i1q0q1, interleavesReceivers: false, receivers: receivers),
      SampleLayout(.complex, order: .iq, interleavesReceivers: true, receivers: receivers),
      SampleLayout(.complex, order: .i4q4, interleavesReceivers: true, receivers: four),
      SampleLayout(.real, interleavesReceivers: false, receivers: receivers),
      SampleLayout(.real, interleavesReceivers: true, receivers: receivers),
      SampleLayout(.real, interleavesReceivers: true, receivers: four),
    ]
    var seen: Set<SampleLayout> = []
    layouts.removeAll { !seen.insert($0).inserted }
    return layouts
  }

  /// The place of each stored number of a chirp: `[receiver, sample, component]`, row-major.
  ///
  /// - Returns: `nil` if so many numbers do not make a chirp in this layout.
  func places(scalars: Int) -> [Int]? {
    let components = sampleKind.components
    let samples = scalars / (components * receivers)
    let group = sampleKind == .real ? 1 : order.groupLength
    guard samples >= 8, samples * components * receivers == scalars,
      (samples * receivers).isMultiple(of: group)
    else { return nil }
    return (0..<scalars).map { position in
      let (sample, component) = components == 1 ? (position, 0) : order.locate(position)
      let (receiver, index) =
        interleavesReceivers
        ? (sample % receivers, sample / receivers) : (sample / samples, sample % samples)
      return (receiver * samples + index) * components + component
    }
  }
}

extension SampleLayout: CustomStringConvertible {
  /// The layout in words.
  public var description: String {
    let kind = sampleKind == .real ? "real" : "complex in the order \(order.rawValue)"
    guard receivers > 1 else { return kind }
    return kind
      + (interleavesReceivers
        ? ", \(receivers) receivers side by side" : ", \(receivers) receivers one after another")
  }
}
