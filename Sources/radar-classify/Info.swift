import ArgumentParser
import Radar
import Recordings

struct Info: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Say what is in a recording: format, waveform, shape, axes, duration.",
    discussion: """
      The whole recording is read, to count the chirps that were lost and to compare its SHA-512 \
      with the sidecar's, if it has one.
      """)

  @Argument(help: "The recording.", completion: .file())
  var recording: String

  @OptionGroup var source: SourceOptions
  @OptionGroup var output: OutputOptions

  mutating func run() throws {
    var reader = try source.open(recording)
    let metadata = reader.metadata
    var frame = Frame(shape: metadata.waveform.shape)
    var bar = ProgressBar(total: metadata.frameCount ?? 0, options: output)
    var frames = 0
    var lost = 0
    while try reader.read(into: &frame) {
      frames += 1
      lost += frame.validity.count { !$0 }
      bar.show(frames, recording)
    }
    bar.clear()
    let facts = Facts(metadata, recording: recording, frames: frames, lost: lost)
    if output.isJSON { return try Console.print(json: facts) }
    for (name, value) in facts.lines { Console.print("\(name.padded(to: 22))\(value)") }
  }

  /// Everything known about a recording.
  private struct Facts: Encodable {
    var recording: String
    var format: String
    var sidecar: String
    var waveform: String
    var centerFrequencyHz: Double
    var bandwidthHz: Double?
    var sampleKind: String
    var chirpsPerFrame: Int
    var transmitters: Int
    var receivers: Int
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
    var checksum: String
    var session: String?
    var subject: String?
    var gestures: [String: Int]

    init(_ metadata: RecordingMetadata, recording: String, frames: Int, lost: Int) {
      let waveform = metadata.waveform
      self.recording = recording
      format = metadata.format.rawValue
      sidecar = metadata.sidecar
      self.waveform = waveform.kind.rawValue
      centerFrequencyHz = waveform.centerFrequency
      if case .beat(let bandwidth) = waveform.ranging { bandwidthHz = bandwidth }
      sampleKind = waveform.shape.sampleKind.rawValue
      chirpsPerFrame = waveform.shape.chirps
      transmitters = waveform.shape.transmitters
      receivers = waveform.shape.receivers
      samplesPerChirp = waveform.shape.samplesPerChirp
      chirpIntervalS = waveform.chirpInterval
      frameIntervalS = waveform.frameInterval
      rangeResolutionM = waveform.rangeResolution
      maximumRangeM = waveform.maximumRange
      velocityResolutionMps = waveform.velocityResolution
      maximumVelocityMps = waveform.maximumVelocity
      self.frames = frames
      durationS = metadata.duration ?? Double(frames) * waveform.frameInterval
      lostChirps = lost
      checksum = metadata.checksum == nil ? "none" : "right"
      session = metadata.session
      subject = metadata.subject
      gestures = Dictionary(grouping: metadata.annotations, by: \.label).mapValues(\.count)
    }

    /// The facts as a person reads them.
    var lines: [(String, String)] {
      let shape =
        "\(chirpsPerFrame) chirps × \(receivers) receivers × \(samplesPerChirp) \(sampleKind) samples"
      let named = gestures.sorted { $0.key < $1.key }.map { "\($0.key) (\($0.value))" }
      let facts: [(String, String?)] = [
        ("recording", recording),
        ("format", "\(format), described by \(sidecar)"),
        ("waveform", "\(waveform) at \((centerFrequencyHz / 1e9).formatted(decimals: 3)) GHz"),
        ("bandwidth", bandwidthHz.map { "\(($0 / 1e6).formatted(decimals: 1)) MHz" }),
        ("frame", shape + (transmitters > 1 ? " of \(transmitters) transmitters in turn" : "")),
        ("chirp interval", "\((chirpIntervalS * 1e6).formatted(decimals: 1)) µs"),
        ("frame interval", "\((frameIntervalS * 1e3).formatted(decimals: 2)) ms"),
        ("range resolution", rangeResolutionM.map { "\($0.formatted(decimals: 4)) m" }),
        ("maximum range", maximumRangeM.map { "\($0.formatted(decimals: 3)) m" }),
        ("velocity resolution", "\(velocityResolutionMps.formatted(decimals: 4)) m/s"),
        ("maximum velocity", "±\(maximumVelocityMps.formatted(decimals: 3)) m/s"),
        ("duration", "\(durationS.formatted(decimals: 2)) s in \(frames) frames"),
        ("lost chirps", "\(lostChirps)"),
        ("SHA-512", checksum == "none" ? "the sidecar has none" : "agrees with the sidecar"),
        ("session", session),
        ("subject", subject),
        ("gestures", named.isEmpty ? "none marked" : named.joined(separator: ", ")),
      ]
      return facts.compactMap { name, value in value.map { (name, $0) } }
    }
  }
}
