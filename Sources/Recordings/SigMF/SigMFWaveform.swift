internal import Radar

extension SigMFSidecar {
  /// What the radar transmitted, and the shape of its frames.
  func waveform(datatype: Datatype) throws(RecordingError) -> Waveform {
    let name = try global.require("radar:waveform", global.string("radar:waveform"))
    guard let kind = Waveform.Kind(rawValue: name) else {
      throw global.invalid("radar:waveform", expected: "fmcw, cw or pulsed")
    }
    let frequency = try centerFrequency()
    let ranging: Waveform.Ranging =
      switch kind {
      case .fmcw: .beat(bandwidth: try global.positive("radar:bandwidth_hz", upTo: 2 * frequency))
      case .cw: .none
      case .pulsed:
        .sampled(
          start: try global.require(
            "radar:range_start_m", global.number("radar:range_start_m", in: -1e6...1e6)),
          step: try global.positive("radar:range_step_m", upTo: 1e6))
      }
    let channels = try global.integer("core:num_channels", in: Self.counts)
    let named = try global.integer("radar:receivers", in: Self.counts)
    if let channels, let named, channels > 1, channels != named {
      throw global.invalid("core:num_channels", expected: "\(named) as radar:receivers")
    }

    let shape: FrameShape
    let chirpInterval: Double
    let frameInterval: Double
    if kind == .cw {
      let receivers = named ?? channels ?? 1
      let rate = try global.positive("core:sample_rate", upTo: 1e12)
      chirpInterval = 1 / rate
      shape = try frameShape(
        chirps: continuousFrameLength(sampleRate: rate), receivers: receivers, samplesPerChirp: 1,
        transmitters: 1, datatype: datatype)
      frameInterval = Double(shape.chirps) * chirpInterval
    } else {
      chirpInterval = try global.positive("radar:chirp_interval_s", upTo: 3600)
      frameInterval = try global.positive("radar:frame_interval_s", upTo: 86400)
      shape = try frameShape(
        chirps: try count("radar:chirps_per_frame"),
        receivers: try global.require("radar:receivers", named ?? channels),
        samplesPerChirp: try count("radar:samples_per_chirp"),
        transmitters: try global.integer("radar:transmitters", in: Self.counts) ?? 1,
        datatype: datatype)
      let burst = Double(shape.chirps) * chirpInterval
      // Rounded intervals may overlap by less than a hundredth.
      guard frameInterval > 0.99 * burst else {
        throw global.invalid(
          "radar:frame_interval_s",
          expected: "at least the \(burst.quoted) s of \(shape.chirps) chirps")
      }
    }
    return Waveform(
      ranging: ranging, centerFrequency: frequency, chirpInterval: chirpInterval,
      frameInterval: frameInterval, shape: shape,
      receiverPositions: try receiverPositions(count: shape.receivers))
  }

  /// How far from the centre of the band a capture's frequency may lie at least, as a share of it.
  private static let carrierTolerance = 0.1

  /// The carrier, which software radios put into the first capture.
  private func centerFrequency() throws(RecordingError) -> Double {
    let (name, tuned) = ("radar:center_frequency_hz", "core:frequency")
    let capture = captures.first.flatMap { $0.has(tuned) ? $0 : nil }
    if !global.has(name), let capture { return try capture.positive(tuned, upTo: 1e15) }
    let frequency = try global.positive(name, upTo: 1e15)
    // Zero is the baseband, and says nothing of a carrier; what is not may be where a chirp begins.
    guard let capture, let heard = try capture.number(tuned, in: -1e15...1e15), heard > 0 else {
      return frequency
    }
    let bandwidth = try global.number("radar:bandwidth_hz", in: -1e15...1e15) ?? 0
    guard abs(heard - frequency) <= max(Self.carrierTolerance * frequency, bandwidth / 2) else {
      throw .invalidField(
        path: path, field: name, found: "\(frequency)",
        expected: "about \(heard), the core:frequency of the samples")
    }
    return frequency
  }

  private func receiverPositions(count: Int) throws(RecordingError) -> [SIMD2<Double>]? {
    let name = "radar:receiver_positions_m"
    guard global.has(name) else { return nil }
    var positions: [SIMD2<Double>] = []
    for value in try global.list(name) {
      guard case .array(let pair) = value, pair.count == 2, case .number(let x) = pair[0],
        case .number(let y) = pair[1]
      else { throw global.invalid(name, expected: "a list of pairs [x, y]") }
      positions.append(SIMD2(x, y))
    }
    guard positions.count == count else {
      throw global.invalid(name, expected: "a list of \(count) pairs [x, y]")
    }
    return positions
  }

  /// The shape, if its frames are of a size that memory can hold.
  private func frameShape(
    chirps: Int, receivers: Int, samplesPerChirp: Int, transmitters: Int, datatype: Datatype
  ) throws(RecordingError) -> FrameShape {
    guard chirps.isMultiple(of: transmitters) else {
      throw global.invalid(
        "radar:chirps_per_frame", expected: "a multiple of the \(transmitters) transmitters")
    }
    return try FrameShape(
      untrustedChirps: chirps, receivers: receivers, samplesPerChirp: samplesPerChirp,
      transmitters: transmitters, datatype: datatype)
  }

  /// What a count of anything in a frame may be.
  static var counts: ClosedRange<Int> { 1...1_000_000_000 }

  private func count(_ name: String) throws(RecordingError) -> Int {
    try global.require(name, global.integer(name, in: Self.counts))
  }
}
