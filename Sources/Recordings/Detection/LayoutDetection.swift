internal import Radar

extension LayoutEvidence {
  /// The chirps that are looked at: more say no more about the layout.
  private static let chirpLimit = 1024

  /// The nats by which a layout must predict the chirp of a receiver better than any other.
  ///
  /// An echo between two bins has a line more than one in the middle of a bin, which is worth about
  /// a nat and says nothing. Chance may be worth more.
  private static let sureMargin = 3.0
  private static let likelyMargin = 1.5

  /// The standard deviations of chance by which it must do so as well.
  private static let deviations = 5.0

  /// Looks at the first chirps of a recording.
  ///
  /// - Parameter metadata: What its sidecar says: only where chirps begin and end is believed.
  /// - Throws: `RecordingError` if the samples cannot be read.
  public init(of metadata: RecordingMetadata) throws(RecordingError) {
    let stated = SampleLayout(of: metadata)
    self.init(
      candidates: [], certainty: .notSure, stated: stated, receiverCoherence: nil,
      borderExcess: nil, chirpCorrelation: 0, obstacle: nil)
    guard metadata.waveform.kind == .fmcw else {
      obstacle = "only the beat of a chirp stands on one side of a spectrum"
      return
    }
    guard let chirps = try Self.chirps(of: metadata), chirps.count >= 4 * stated.receivers else {
      obstacle = "the samples do not lie chirp after chirp, or there are few chirps"
      return
    }
    chirpCorrelation = Self.correlation(of: chirps)
    weigh(chirps)
  }

  /// The numbers of the first chirps as they are stored, and `nil` if they are not together.
  private static func chirps(
    of metadata: RecordingMetadata
  ) throws(RecordingError) -> [[Float]]? {
    let layout = try FrameLayout(
      shape: metadata.waveform.shape, encoding: metadata.encoding, path: metadata.sidecar)
    let encoding = metadata.encoding
    let axes = encoding.axes.filter { $0 != .transmitter }
    let shape = metadata.waveform.shape
    guard axes.first == .frame, axes.dropFirst().first == .chirp || shape.chirps == 1,
      encoding.datatype.scalar != .u12
    else { return nil }
    // The same file as real numbers in the order in which they lie, of one receiver.
    var raw = metadata
    raw.lostChirps = []
    raw.encoding.datatype.sampleKind = .real
    raw.encoding.order = .iq
    raw.encoding.lanes = nil
    raw.encoding.axes = [.frame, .chirp, .sample]
    raw.waveform.shape = try FrameShape(
      untrustedChirps: shape.chirps, receivers: 1,
      samplesPerChirp: (layout.bytesPerChirp - encoding.chirpHeaderBytes) * 8
        / encoding.datatype.scalar.bits, transmitters: 1, datatype: raw.encoding.datatype)
    raw.waveform.receiverPositions = [.zero]
    var reader = try RecordingReader(raw)
    var frame = Frame(shape: raw.waveform.shape)
    var chirps: [[Float]] = []
    while chirps.count < chirpLimit, try reader.read(into: &frame) {
      for (index, isValid) in frame.validity.enumerated() where isValid {
        let start = index * frame.shape.scalarsPerChirp
        chirps.append(Array(frame.samples[start..<start + frame.shape.scalarsPerChirp]))
      }
    }
    return withoutMean(chirps)
  }

  /// The chirps without the offset that all numbers share, as that of an ADC without a sign.
  private static func withoutMean(_ chirps: [[Float]]) -> [[Float]] {
    let count = chirps.reduce(0) { $0 + $1.count }
    guard count > 0 else { return chirps }
    let sum = chirps.reduce(0.0) { sum, chirp in chirp.reduce(sum) { $0 + Double($1) } }
    let mean = Float(sum / Double(count))
    return chirps.map { chirp in chirp.map { $0 - mean } }
  }

  private static func correlation(of chirps: [[Float]]) -> Double {
    var product = 0.0
    var power = 0.0
    for (a, b) in zip(chirps, chirps.dropFirst()) {
      for (x, y) in zip(a, b) {
        product += Double(x * y)
        power += Double(x * x + y * y) / 2
      }
    }
    return power > 0 ? product / power : 0
  }

  /// Compares all layouts.
  private mutating func weigh(_ chirps: [[Float]]) {
    let spectra = SampleLayout.candidates(receivers: stated.receivers)
      .compactMap { RangeSpectrum(chirps, layout: $0) }
    let all = spectra.map { (spectrum: $0, candidate: $0.candidate) }
      .sorted { $0.candidate.gain > $1.candidate.gain }
    let excluded = excluded(all.map(\.candidate), chirps)
    let ranked = all.filter { !excluded.contains($0.candidate.layout) }
    guard let best = ranked.first else {
      obstacle = "a chirp has too few samples"
      return
    }
    candidates = ranked.flatMap { Self.sides(of: $0.candidate) }
    receiverCoherence = best.spectrum.receiverCoherence
    let difference = best.candidate.gain - (ranked.dropFirst().first?.candidate.gain ?? 0)
    let isBeyondChance = difference > Self.deviations * best.spectrum.uncertainty
    let margin = isBeyondChance ? difference / Double(best.candidate.layout.receivers) : 0
    let share = candidates.first?.nearShare ?? 1
    certainty =
      if margin >= Self.sureMargin, share >= 0.8 {
        .sure
      } else if margin >= Self.likelyMargin, share >= 0.65 {
        .likely
      } else {
        .notSure
      }
    // Without a single echo there is nothing to stand on a side.
    if best.candidate.layout.sampleKind == .complex, best.candidate.nearShare == nil {
      certainty = .notSure
    }
  }

  /// The layouts that the borders of receivers speak against.
  ///
  /// They decide only between layouts that predict chirps almost alike.
  private mutating func excluded(
    _ ranked: [Candidate], _ chirps: [[Float]]
  ) -> Set<SampleLayout> {
    guard let apart = ranked.first(where: { !$0.layout.interleavesReceivers }),
      let together = ranked.first(where: \.layout.interleavesReceivers),
      min(apart.gain, together.gain) > 0.88 * max(apart.gain, together.gain),
      let excess = ReceiverBorders.excess(of: chirps, layout: apart.layout)
    else { return [] }
    borderExcess = excess
    guard excess < 1.15 || excess > 2 else { return [] }
    let interleaves = excess > 2
    return Set(
      ranked.map(\.layout).filter {
        $0.receivers > 1 && $0.interleavesReceivers == interleaves
      })
  }

  /// The candidate and the one with I and Q exchanged, the one with the nearer echoes first.
  private static func sides(of candidate: Candidate) -> [Candidate] {
    guard let mirrored = candidate.layout.mirrored else { return [candidate] }
    let other = Candidate(
      layout: mirrored, gain: candidate.gain, nearShare: candidate.nearShare.map { 1 - $0 })
    return (candidate.nearShare ?? 1) >= 0.5 ? [candidate, other] : [other, candidate]
  }
}
