extension SigMFSidecar {
  /// The fields of `global` that have a place of their own among what is known.
  static let known: Set<String> = Set(names.flatMap(\.fields)).union([
    "core:version", "core:dataset", "core:sha512", "core:description", "core:offset",
    "core:trailing_bytes", "core:extensions", "radar:session", "radar:subject", "radar:array",
    "radar:label",
  ])

  /// The field that says each fact, the first of several that is there, and what holds without one.
  private static let names: [(fact: RecordingFact, fields: [String], usual: String?)] = [
    (.waveform, ["radar:waveform"], nil),
    (.centerFrequency, ["radar:center_frequency_hz"], nil),
    (.bandwidth, ["radar:bandwidth_hz"], nil),
    (.chirpInterval, ["radar:chirp_interval_s", "core:sample_rate"], nil),
    (.frameInterval, ["radar:frame_interval_s"], nil),
    (.chirps, ["radar:chirps_per_frame"], nil),
    (.receivers, ["radar:receivers", "core:num_channels"], "one, as nothing says more"),
    (.samples, ["radar:samples_per_chirp"], nil),
    (.transmitters, ["radar:transmitters"], "one, as nothing says more"),
    (.datatype, ["core:datatype"], nil),
    (.order, ["radar:iq_order"], "I before Q as in SigMF, as nothing says otherwise"),
    (.axes, ["radar:axes"], "the usual order, as nothing says otherwise"),
    (.significantBits, ["radar:sample_bits"], "all bits, as nothing says less"),
    (
      .receiverPositions, ["radar:receiver_positions_m"],
      "in a row half a wavelength apart, as nothing says otherwise"
    ),
  ]

  /// Where each fact comes from.
  func origins(container: Container?) throws(RecordingError) -> [RecordingFact: String] {
    var origins: [RecordingFact: String] = [:]
    for (fact, fields, usual) in Self.names {
      origins[fact] = fields.first(where: global.has).map(global.origin) ?? usual
    }
    if origins[.centerFrequency] == nil {
      origins[.centerFrequency] = "core:frequency of the first capture in \(path)"
    }
    if container?.axes != nil, !global.has("radar:axes") {
      origins[.axes] = "the usual order for an array of so many axes, as nothing says otherwise"
    }
    if try isContinuousWave() {
      let usual = "about 16 ms, as a continuous wave has no frames"
      (origins[.frameInterval], origins[.chirps]) = (usual, usual)
      (origins[.samples], origins[.axes]) = ("one, as a continuous wave has no chirps", nil)
    }
    if captures.first?.has("core:datetime") == true {
      origins[.startTime] = "core:datetime of the first capture in \(path)"
    }
    origins[.annotations] =
      annotations.isEmpty
      ? global.has("radar:label") ? global.origin("radar:label") : nil : "annotations in \(path)"
    return origins
  }

  /// Puts the samples where the container has them.
  func agree(
    _ encoding: inout SampleEncoding, with container: Container
  ) throws(RecordingError) {
    // SigMF asks for the header of a foreign file to be counted in the first capture, and for what
    // follows the samples to be told. Both count from the ends of the file.
    let before = container.headerBytes + (container.member?.offset ?? 0)
    if let gap = encoding.gaps.first, gap.position == 0 {
      guard [before, container.headerBytes].contains(gap.count) else {
        throw .invalidField(
          path: path, field: "captures[0].core:header_bytes", found: "\(gap.count)",
          expected: "\(before) as in the file")
      }
      encoding.gaps.removeFirst()
    }
    encoding.gaps.insert(.init(position: 0, count: container.headerBytes), at: 0)
    guard container.member != nil || [0, container.trailingBytes].contains(encoding.trailingBytes)
    else {
      throw global.invalid("core:trailing_bytes", expected: "\(container.trailingBytes)")
    }
    encoding.trailingBytes = container.trailingBytes
    encoding.axes = container.axes ?? encoding.axes
  }
}
