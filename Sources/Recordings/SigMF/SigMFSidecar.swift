internal import Radar

/// The sidecar of a SigMF recording: what it says of its samples, checked.
///
/// The field names are those of SigMF 1.2.5 (`core:`) and of its `radar` extension.
struct SigMFSidecar: Sendable {
  let path: String

  /// The file with the samples, if that is not the one named like the sidecar.
  let dataset: String?

  private var global: SidecarFields
  private let captures: [SidecarFields]
  private let annotations: [SidecarFields]

  /// Reads the sidecar at `path`.
  init(path: String) throws(RecordingError) {
    let document = try SidecarFields(JSONValue(contentsOf: path), path: path)
    self.path = path
    global = try document.object("global")
    captures = try document.objects("captures")
    annotations = try document.objects("annotations")
    dataset = try global.string("core:dataset")
  }

  /// The sidecar of a recording that needs nothing but a carrier.
  ///
  /// - Parameters:
  ///   - path: The recording.
  ///   - carrierFrequency: The frequency in hertz.
  /// - Throws: `RecordingError` never: the fields are checked when they are used.
  init(path: String, carrierFrequency: Double) throws(RecordingError) {
    self.path = path
    global = try SidecarFields(
      .object(["radar:center_frequency_hz": .number(carrierFrequency)]), path: path)
    captures = []
    annotations = []
    dataset = nil
  }

  /// What the sidecar says of the samples in `files`.
  ///
  /// - Parameters:
  ///   - files: The files with the samples.
  ///   - packets: How packets wrap the samples in them.
  ///   - byteCount: Their length, if it is known.
  /// - Returns: The same in the terms that all formats share.
  /// - Throws: `RecordingError` if it contradicts the samples or itself.
  func metadata(
    files: [String], packets: PacketFormat?, byteCount: Int?
  ) throws(RecordingError) -> RecordingMetadata {
    guard let file = files.first, let container = try Container(path: file, sidecar: self) else {
      return try metadata(
        files: files, byteCount: byteCount, packets: packets, container: nil)
    }
    var agreed = self
    agreed.global = try global.agreeing(
      with: container.facts, of: file, defaults: container.defaults)
    return try agreed.metadata(
      files: files, byteCount: byteCount, packets: packets, container: container)
  }

  private func metadata(
    files: [String], byteCount: Int?, packets: PacketFormat?, container: Container?
  ) throws(RecordingError) -> RecordingMetadata {
    let datatype = try datatype()
    let waveform = try waveform(datatype: datatype)
    var encoding = try encoding(datatype: datatype, shape: waveform.shape)
    encoding.packets = packets
    if let container {
      encoding.gaps.insert(.init(position: 0, count: container.headerBytes), at: 0)
      encoding.trailingBytes += container.trailingBytes
      encoding.axes = container.axes ?? encoding.axes
    }
    var metadata = RecordingMetadata(
      format: container?.format ?? .sigmf, files: files, sidecar: path, waveform: waveform,
      encoding: encoding,
      annotations: [], isLabelled: false, session: try global.string("radar:session"),
      subject: try global.string("radar:subject"),
      summary: try global.string("core:description"), checksum: try checksum())
    try metadata.measure(byteCount: byteCount)
    try label(&metadata)
    return metadata
  }

  private func datatype() throws(RecordingError) -> Datatype {
    let name = try global.require("core:datatype", global.string("core:datatype"))
    guard let datatype = Datatype(name) else {
      throw global.invalid("core:datatype", expected: "a datatype of SigMF such as \"ci16_le\"")
    }
    return datatype
  }

  private func checksum() throws(RecordingError) -> String? {
    guard let checksum = try global.string("core:sha512") else { return nil }
    guard checksum.count == 128, checksum.allSatisfy(\.isHexDigit) else {
      throw global.invalid("core:sha512", expected: "128 hexadecimal digits")
    }
    return checksum.lowercased()
  }
}

// MARK: - Waveform

extension SigMFSidecar {
  private func waveform(datatype: Datatype) throws(RecordingError) -> Waveform {
    let name = try global.require("radar:waveform", global.string("radar:waveform"))
    guard let kind = Waveform.Kind(rawValue: name) else {
      throw global.invalid("radar:waveform", expected: "fmcw, cw or pulsed")
    }
    let frequency = try global.positive("radar:center_frequency_hz", upTo: 1e15)
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

  private static var counts: ClosedRange<Int> { 1...1_000_000_000 }

  private func count(_ name: String) throws(RecordingError) -> Int {
    try global.require(name, global.integer(name, in: Self.counts))
  }
}

// MARK: - Encoding

extension SigMFSidecar {
  private func encoding(
    datatype: Datatype, shape: FrameShape
  ) throws(RecordingError) -> SampleEncoding {
    var encoding = SampleEncoding(datatype: datatype)
    if let name = try global.string("radar:iq_order") {
      guard let order = SampleOrder(rawValue: name) else {
        let known = SampleOrder.allCases.map(\.rawValue).joined(separator: ", ")
        throw global.invalid("radar:iq_order", expected: "one of \(known)")
      }
      encoding.order = datatype.sampleKind == .real ? .iq : order
    }
    encoding.significantBits = try global.integer(
      "radar:sample_bits", in: 1...datatype.scalar.bits)
    encoding.axes = try axes()
    encoding.trailingBytes = try global.integer("core:trailing_bytes", in: 0...1 << 40) ?? 0

    let first = try offset()
    for capture in captures {
      let start = try capture.integer("core:sample_start", in: first...1 << 32) ?? first
      let header = try capture.integer("core:header_bytes", in: 0...1 << 40) ?? 0
      let position = (start - first) * shape.receivers * datatype.bitsPerSample / 8
      guard position >= encoding.gaps.last?.position ?? 0 else {
        throw capture.invalid("core:sample_start", expected: "after the capture before it")
      }
      if header > 0 { encoding.gaps.append(.init(position: position, count: header)) }
    }
    return encoding
  }

  /// The order of the axes: channels that only SigMF itself speaks of interleave.
  private func axes() throws(RecordingError) -> [RecordingAxis] {
    guard try !isContinuousWave() else { return [.frame, .chirp, .receiver] }
    if let axes = try namedAxes() { return axes.contains(.frame) ? axes : [.frame] + axes }
    let interleaves = try global.integer("core:num_channels", in: Self.counts) ?? 1 > 1
    return interleaves ? [.frame, .chirp, .sample, .receiver] : SampleEncoding.canonicalAxes
  }

  /// The index of the first sample in the files.
  private func offset() throws(RecordingError) -> Int {
    try global.integer("core:offset", in: 0...1 << 32) ?? 0
  }
}

// MARK: - What containers ask

extension SigMFSidecar {
  /// The axes that the sidecar names, and `nil` if it names none.
  func namedAxes() throws(RecordingError) -> [RecordingAxis]? {
    guard global.has("radar:axes") else { return nil }
    var axes: [RecordingAxis] = []
    for value in try global.list("radar:axes") {
      guard case .string(let name) = value, let axis = RecordingAxis(rawValue: name) else {
        throw .invalidField(
          path: path, field: "radar:axes", found: "a list with \(value)",
          expected: "one of frame, chirp, transmitter, receiver and sample")
      }
      axes.append(axis)
    }
    return axes
  }

  /// Whether the sidecar describes a continuous wave.
  func isContinuousWave() throws(RecordingError) -> Bool {
    try global.string("radar:waveform") == Waveform.Kind.cw.rawValue
  }

  /// The kind of samples, and `nil` if the sidecar does not say it.
  func sampleKind() throws(RecordingError) -> FrameShape.SampleKind? {
    try global.string("core:datatype").flatMap { Datatype($0) }?.sampleKind
  }

  /// The rate of samples in hertz, and `nil` if the sidecar does not say it.
  func sampleRate() throws(RecordingError) -> Double? {
    try global.number("core:sample_rate", in: 0...1e12)
  }
}

// MARK: - Labels

extension SigMFSidecar {
  /// Adds the gestures that the sidecar marks.
  private func label(_ metadata: inout RecordingMetadata) throws(RecordingError) {
    let first = try offset()
    var labels = 0
    for annotation in annotations {
      guard let label = try annotation.string("core:label") else { continue }
      labels += 1
      let start = try annotation.require(
        "core:sample_start", annotation.integer("core:sample_start", in: first...1 << 50))
      let count = try annotation.integer("core:sample_count", in: 0...1 << 50)
      let end = count.map { metadata.waveform.time(ofSample: start - first + $0) }
      let interval = (
        start: metadata.waveform.time(ofSample: start - first),
        end: end ?? metadata.duration ?? .infinity
      )
      if let duration = metadata.duration {
        // Times are sums of rounded numbers, samples are not closer than this.
        let latest = duration + 1e-3 * metadata.waveform.chirpInterval
        guard interval.start <= interval.end, interval.end <= latest else {
          throw annotation.invalid(
            count == nil ? "core:sample_start" : "core:sample_count",
            expected: "within the \(duration.quoted) s of the recording: it reaches"
              + " \(max(interval.start, interval.end).quoted) s")
        }
      }
      metadata.annotations.append(
        Annotation(label: label, start: interval.start, end: interval.end))
    }
    if labels == 0, let label = try global.string("radar:label") {
      labels = 1
      if label != RecordingMetadata.backgroundLabel {
        metadata.annotations = [
          Annotation(label: label, start: 0, end: metadata.duration ?? .infinity)
        ]
      }
    }
    metadata.isLabelled = labels > 0
  }
}
