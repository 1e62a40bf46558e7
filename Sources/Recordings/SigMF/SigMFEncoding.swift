internal import Radar

extension SigMFSidecar {
  /// How the samples lie in the file.
  func encoding(
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
    encoding.axes = try axes(datatype: datatype)
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
  private func axes(datatype: Datatype) throws(RecordingError) -> [RecordingAxis] {
    guard try !isContinuousWave() else { return [.frame, .chirp, .receiver] }
    if let axes = try namedAxes() { return axes.contains(.frame) ? axes : [.frame] + axes }
    // The samples that receivers take at once lie side by side in the queue of a BGT60.
    if datatype.scalar == .u12 { return [.frame, .chirp, .sample, .receiver] }
    let interleaves = try global.integer("core:num_channels", in: Self.counts) ?? 1 > 1
    return interleaves ? [.frame, .chirp, .sample, .receiver] : SampleEncoding.canonicalAxes
  }

  /// The index of the first sample in the files.
  func offset() throws(RecordingError) -> Int {
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

  /// The array to read out of several, and `nil` if the sidecar names none.
  func arrayName() throws(RecordingError) -> String? { try global.string("radar:array") }

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
