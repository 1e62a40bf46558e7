internal import Radar

extension SigMFSidecar {
  /// The sidecar of a recording, as it is written.
  static func document(of metadata: RecordingMetadata) throws(RecordingError) -> [UInt8] {
    let document = JSONValue.object([
      "global": .object(global(of: metadata)),
      "captures": .array([.object(capture(of: metadata))]),
      "annotations": .array(annotations(of: metadata)),
    ])
    do {
      return try document.document()
    } catch {
      throw .unwritable(path: metadata.sidecar, reason: "it has a number that is not finite")
    }
  }

  private static func capture(of metadata: RecordingMetadata) -> [String: JSONValue] {
    var capture: [String: JSONValue] = [
      "core:sample_start": .number(0),
      "core:frequency": .number(metadata.waveform.centerFrequency),
    ]
    capture["core:datetime"] = metadata.startTime.map { .string($0) }
    capture["core:header_bytes"] = metadata.encoding.gaps.first.map { .number(Double($0.count)) }
    return capture
  }

  private static func global(of metadata: RecordingMetadata) -> [String: JSONValue] {
    let waveform = metadata.waveform
    let encoding = metadata.encoding
    var global = metadata.remarks.mapValues { JSONValue.string($0) }
    let known: [String: JSONValue] = [
      "core:datatype": .string(encoding.datatype.description),
      "core:version": .string("1.2.5"),
      "core:extensions": .array([
        .object([
          "name": .string("radar"), "version": .string("0.1.0"), "optional": .boolean(false),
        ])
      ]),
      "radar:waveform": .string(waveform.kind.rawValue),
      "radar:center_frequency_hz": .number(waveform.centerFrequency),
      "radar:receivers": .number(Double(waveform.shape.receivers)),
      "radar:transmitters": .number(Double(waveform.shape.transmitters)),
    ]
    global.merge(known) { $1 }
    switch waveform.ranging {
    case .beat(let bandwidth): global["radar:bandwidth_hz"] = .number(bandwidth)
    case .none: break
    case .sampled(let start, let step):
      global["radar:range_start_m"] = .number(start)
      global["radar:range_step_m"] = .number(step)
    }
    if waveform.kind == .cw {
      global["core:sample_rate"] = .number(1 / waveform.chirpInterval)
      global["core:num_channels"] = .number(Double(waveform.shape.receivers))
    } else {
      global["radar:chirp_interval_s"] = .number(waveform.chirpInterval)
      global["radar:frame_interval_s"] = .number(waveform.frameInterval)
      global["radar:chirps_per_frame"] = .number(Double(waveform.shape.chirps))
      global["radar:samples_per_chirp"] = .number(Double(waveform.shape.samplesPerChirp))
      global["radar:axes"] = .array(encoding.axes.map { .string($0.rawValue) })
    }
    if encoding.order != .iq { global["radar:iq_order"] = .string(encoding.order.rawValue) }
    global["radar:sample_bits"] = encoding.significantBits.map { .number(Double($0)) }
    if waveform.receiverPositions != waveform.withDefaultPositions.receiverPositions {
      global["radar:receiver_positions_m"] = .array(
        waveform.receiverPositions.map { .array([.number($0.x), .number($0.y)]) })
    }

    if encoding.trailingBytes > 0 {
      global["core:trailing_bytes"] = .number(Double(encoding.trailingBytes))
    }
    let conforms = metadata.files.allSatisfy {
      $0.hasSuffix(".sigmf-data") || $0.hasSuffix(".sigmf")
    }
    global["core:dataset"] = conforms ? nil : metadata.files.first.map { .string(name(of: $0)) }
    global["core:sha512"] = metadata.checksum.map { .string($0) }
    global["core:description"] = metadata.summary.map { .string($0) }
    global["radar:session"] = metadata.session.map { .string($0) }
    global["radar:subject"] = metadata.subject.map { .string($0) }
    if metadata.isLabelled, metadata.annotations.isEmpty {
      global["radar:label"] = .string(RecordingMetadata.backgroundLabel)
    }
    return global
  }

  /// The annotations in the order of their starts, as SigMF asks.
  private static func annotations(of metadata: RecordingMetadata) -> [JSONValue] {
    let samples = metadata.waveform.shape.samplesPerChirp
    let losses = metadata.lostChirps.map { chirps -> (start: Int, value: JSONValue) in
      let start = chirps.lowerBound * samples
      let value = JSONValue.object([
        "core:sample_start": .number(Double(start)),
        "core:sample_count": .number(Double(chirps.count * samples)),
        "core:comment": .string("lost before it was written: the samples are zeros"),
        "radar:lost": .boolean(true),
      ])
      return (start, value)
    }
    return (losses + gestures(of: metadata)).sorted { $0.start < $1.start }.map(\.value)
  }

  private static func gestures(
    of metadata: RecordingMetadata
  ) -> [(start: Int, value: JSONValue)] {
    metadata.annotations.map { annotation in
      let duration = metadata.duration ?? .infinity
      let start = metadata.waveform.sample(atTime: min(annotation.start, duration))
      let end = metadata.waveform.sample(atTime: min(annotation.end, duration))
      let value = JSONValue.object([
        "core:sample_start": .number(Double(start)),
        "core:sample_count": .number(Double(end - start)),
        "core:label": .string(annotation.label),
      ])
      return (start, value)
    }
  }
}

extension Waveform {
  /// The same waveform with its receivers in a row.
  fileprivate var withDefaultPositions: Waveform {
    Waveform(
      ranging: ranging, centerFrequency: centerFrequency, chirpInterval: chirpInterval,
      frameInterval: frameInterval, shape: shape)
  }
}
