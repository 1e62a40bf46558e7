import Radar
import Recordings

/// Everything known about a recording.
struct InfoFacts: Encodable {
  var recording: String
  var files: [String]
  var format: String
  var sidecar: String
  var waveform: String
  var centerFrequencyHz: Double
  var bandwidthHz: Double?
  var sampleKind: String
  var datatype: String
  var iqOrder: String?
  var axes: [String]
  var sampleBits: Int
  var chirpsPerFrame: Int
  var transmitters: Int
  var receivers: Int
  var receiverPositionsM: [[Double]]
  var samplesPerChirp: Int
  var chirpIntervalS: Double
  var frameIntervalS: Double
  var rangeResolutionM: Double?
  var maximumRangeM: Double?
  var velocityResolutionMps: Double
  var maximumVelocityMps: Double
  var frames: Int
  var durationS: Double
  var lostChirps: Int
  var packets: PacketCounts?
  var checksum: String
  var recordedAt: String?
  var session: String?
  var subject: String?
  var description: String?
  var gestures: [String: Int]
  var remarks: [String: String]
  var origins: [String: String]

  /// What the samples say themselves, if they were asked.
  var layout: LayoutObject?

  init(_ metadata: RecordingMetadata, recording: String, reception: Reception) {
    let waveform = metadata.waveform
    let encoding = metadata.encoding
    self.recording = recording
    files = metadata.files
    format = metadata.format.rawValue
    sidecar = metadata.sidecar
    self.waveform = waveform.kind.rawValue
    centerFrequencyHz = waveform.centerFrequency
    if case .beat(let bandwidth) = waveform.ranging { bandwidthHz = bandwidth }
    sampleKind = waveform.shape.sampleKind.rawValue
    datatype = encoding.datatype.description
    if waveform.shape.sampleKind == .complex { iqOrder = encoding.order.rawValue }
    axes = encoding.axes.map(\.rawValue)
    sampleBits = encoding.significantBits ?? encoding.datatype.scalar.bits
    chirpsPerFrame = waveform.shape.chirps
    transmitters = waveform.shape.transmitters
    receivers = waveform.shape.receivers
    receiverPositionsM = waveform.receiverPositions.map { [$0.x, $0.y] }
    samplesPerChirp = waveform.shape.samplesPerChirp
    chirpIntervalS = waveform.chirpInterval
    frameIntervalS = waveform.frameInterval
    rangeResolutionM = waveform.rangeResolution
    maximumRangeM = waveform.maximumRange
    velocityResolutionMps = waveform.velocityResolution
    maximumVelocityMps = waveform.maximumVelocity
    frames = reception.frames
    durationS = metadata.duration ?? Double(frames) * waveform.frameInterval
    lostChirps = reception.lostChirps
    packets = PacketCounts(reception)
    checksum = metadata.checksum == nil ? "none" : "right"
    recordedAt = metadata.startTime
    session = metadata.session
    subject = metadata.subject
    description = metadata.summary
    gestures = Dictionary(grouping: metadata.annotations, by: \.label).mapValues(\.count)
    remarks = metadata.remarks
    origins = Dictionary(
      uniqueKeysWithValues: metadata.origins.map { ($0.key.rawValue, $0.value) })
    if metadata.duration == nil { origins["duration_s"] = "the frames that were read" }
  }

  /// The facts as a person reads them: what, how much, and in brackets where from.
  var lines: [String] {
    let named = gestures.sorted { $0.key < $1.key }.map { "\($0.key) (\($0.value))" }
    let stored = ([datatype] + (iqOrder.map { [$0] } ?? [])).joined(separator: ", ")
    let facts: [(String, String?, [RecordingFact])] = [
      ("recording", recording, []),
      ("files", files == [recording] ? nil : files.joined(separator: ", "), []),
      ("format", "\(format), described by \(sidecar)", []),
      ("recorded at", recordedAt, [.startTime]),
      ("waveform", waveform, [.waveform]),
      (
        "carrier", "\((centerFrequencyHz / 1e9).formatted(decimals: 3)) GHz", [.centerFrequency]
      ),
      ("bandwidth", bandwidthHz.map { "\(($0 / 1e6).formatted(decimals: 1)) MHz" }, [.bandwidth]),
      ("chirps in a frame", "\(chirpsPerFrame)", [.chirps]),
      ("transmitters", transmitters > 1 ? "\(transmitters) in turn" : nil, [.transmitters]),
      ("receivers", "\(receivers)", [.receivers]),
      (
        "receivers stand", receivers > 1 ? positions : nil, [.receiverPositions]
      ),
      ("samples in a chirp", "\(samplesPerChirp) \(sampleKind)", [.samples]),
      ("stored as", stored, [.datatype] + (iqOrder == nil ? [] : [.order])),
      ("meaningful bits", "\(sampleBits)", [.significantBits]),
      ("axes in the file", axes.joined(separator: ", "), [.axes]),
      ("chirp interval", "\((chirpIntervalS * 1e6).formatted(decimals: 1)) µs", [.chirpInterval]),
      ("frame interval", "\((frameIntervalS * 1e3).formatted(decimals: 2)) ms", [.frameInterval]),
      ("range resolution", rangeResolutionM.map { "\($0.formatted(decimals: 4)) m" }, []),
      ("maximum range", maximumRangeM.map { "\($0.formatted(decimals: 3)) m" }, []),
      ("velocity resolution", "\(velocityResolutionMps.formatted(decimals: 4)) m/s", []),
      ("maximum velocity", "±\(maximumVelocityMps.formatted(decimals: 3)) m/s", []),
      ("duration", "\(durationS.formatted(decimals: 2)) s in \(frames) frames", []),
      ("lost chirps", "\(lostChirps)", []),
      ("packets", packets?.summary, []),
      ("SHA-512", Self.checksums[checksum], []),
      ("session", session, []),
      ("subject", subject, []),
      ("description", description, []),
      (
        "gestures", named.isEmpty ? "none marked" : named.joined(separator: ", "), [.annotations]
      ),
    ]
    let known = facts.compactMap { name, value, sources in
      value.map { line(name, $0, sources.compactMap { origins[$0.rawValue] }) }
    }
    let evidence = (layout?.evidence ?? []).map { line("samples say", $0, []) }
    return known + evidence + remarks.sorted { $0.key < $1.key }.map { line($0.key, $0.value, []) }
  }

  /// What became of the checksum, by the word for it in JSON.
  private static let checksums = [
    "none": "the sidecar has none", "right": "agrees with the sidecar",
    "unchecked": "not compared: a pipe may hold other samples than the sidecar's",
  ]

  private var positions: String {
    receiverPositionsM.map { pair in
      "(" + pair.map { ($0 * 1e3).formatted(decimals: 2) }.joined(separator: ", ") + ")"
    }.joined(separator: " ") + " mm"
  }

  private func line(_ name: String, _ value: String, _ sources: [String]) -> String {
    var seen: [String] = []
    for source in sources where !seen.contains(source) { seen.append(source) }
    return name.padded(to: 22) + value + (seen.isEmpty ? "" : "  [\(seen.joined(separator: "; "))]")
  }
}

/// The evidence of a layout as the keys of its JSON object.
struct LayoutObject: Encodable {
  struct Candidate: Encodable {
    var layout: String
    var gainNats: Double
    var nearShare: Double?
  }

  var certainty: String
  var found: String?
  var foundIqOrder: String?
  var foundSampleKind: String?
  var foundReceiversSideBySide: Bool?
  var stated: String
  var contradictsSidecar: Bool
  var receiverCoherence: Double?
  var chirpCorrelation: Double
  var candidates: [Candidate]
  var evidence: [String]

  init(_ evidence: LayoutEvidence) {
    certainty = evidence.certainty.rawValue
    found = evidence.found?.description
    foundIqOrder = evidence.found?.order.rawValue
    foundSampleKind = evidence.found?.sampleKind.rawValue
    foundReceiversSideBySide = evidence.found?.interleavesReceivers
    stated = evidence.stated.description
    contradictsSidecar = evidence.contradictsSidecar
    receiverCoherence = evidence.receiverCoherence
    chirpCorrelation = evidence.chirpCorrelation
    candidates = evidence.candidates.map {
      Candidate(
        layout: $0.layout.description, gainNats: $0.gain, nearShare: $0.nearShare)
    }
    self.evidence = evidence.sentences
  }
}
