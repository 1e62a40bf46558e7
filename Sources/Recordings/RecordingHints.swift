/// What a person knows of samples that does not stand beside them.
///
/// Hints fill in what a sidecar or a header leaves out. They may not contradict it.
public struct RecordingHints: Hashable, Sendable {
  /// The frequency of a continuous wave in hertz.
  public var carrierFrequency: Double?

  /// The samples per second of a continuous wave.
  public var sampleRate: Double?

  /// How one sample is stored.
  public var datatype: Datatype?

  /// How in-phase and quadrature numbers interleave.
  public var order: SampleOrder?

  /// Creates hints: none without arguments.
  public init(
    carrierFrequency: Double? = nil, sampleRate: Double? = nil, datatype: Datatype? = nil,
    order: SampleOrder? = nil
  ) {
    self.carrierFrequency = carrierFrequency
    self.sampleRate = sampleRate
    self.datatype = datatype
    self.order = order
  }

  /// What messages call the source of hints.
  static let origin = "the command line"

  /// Whether a recording may do without a sidecar.
  var replaceSidecar: Bool { carrierFrequency != nil }

  /// The fields that a sidecar may leave out, but not contradict.
  var facts: [String: JSONValue] {
    var facts: [String: JSONValue] = [:]
    facts["radar:center_frequency_hz"] = carrierFrequency.map { .number($0) }
    facts["core:sample_rate"] = sampleRate.map { .number($0) }
    facts["core:datatype"] = datatype.map { .string($0.description) }
    facts["radar:iq_order"] = order.map { .string($0.rawValue) }
    return facts
  }

  /// The fields that a sidecar may also say differently: a carrier alone is a continuous wave.
  var defaults: [String: JSONValue] {
    carrierFrequency == nil ? [:] : ["radar:waveform": .string("cw")]
  }
}
