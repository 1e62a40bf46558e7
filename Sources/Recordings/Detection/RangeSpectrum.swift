internal import Radar
internal import RealModule
internal import Spectra

/// The power over range of all chirps and receivers together, in one layout.
struct RangeSpectrum: Sendable {
  let layout: SampleLayout

  /// The share of the power in each bin: all bins together have one.
  let shares: [Double]

  /// The chirps of all receivers that were averaged.
  let snapshots: Int

  /// The power in the strongest bin besides those next to zero.
  let strongest: Int

  /// The spectra of each snapshot at the strongest bin, `[chirp, receiver]`, real and imaginary.
  let echoes: [SIMD2<Float>]

  /// Averages the spectra of `chirps`, each of so many numbers as they are stored.
  ///
  /// - Returns: `nil` if the numbers do not make a chirp in this layout.
  init?(_ chirps: [[Float]], layout: SampleLayout) {
    guard let scalars = chirps.first?.count, let places = layout.places(scalars: scalars) else {
      return nil
    }
    let components = layout.sampleKind.components
    let samples = scalars / components / layout.receivers
    let isReal = layout.sampleKind == .real
    let bins = isReal ? samples / 2 : samples
    let stride = isReal ? samples / 2 + 1 : samples
    let plan = FourierPlan(
      [.init(length: samples, inputStride: 1, outputStride: 1)],
      batch: [.init(length: layout.receivers, inputStride: samples, outputStride: stride)],
      input: isReal ? .real : .complex)
    let taper = Taper(.hann).weights(count: samples)
    var input = AlignedBuffer<Float>(repeating: 0, count: plan.inputCount)
    var output = AlignedBuffer<Float>(repeating: 0, count: plan.outputCount)
    var powers = [Double](repeating: 0, count: bins)
    var spectra: [Float] = []
    for chirp in chirps {
      Self.fill(&input, with: chirp, places: places, taper: taper, components: components)
      plan.transform(&input, into: &output)
      let values = output.span
      for receiver in 0..<layout.receivers {
        for bin in 0..<bins {
          let place = 2 * (receiver * stride + bin)
          let (real, imaginary) = (values[place], values[place + 1])
          powers[bin] += Double(real * real + imaginary * imaginary)
          spectra.append(real)
          spectra.append(imaginary)
        }
      }
    }
    let total = powers.reduce(0, +)
    guard total > 0 else { return nil }
    shares = powers.map { $0 / total }
    // Bins next to zero hold what leaks from the transmitter, whatever the layout.
    let far = 2..<(isReal ? bins : bins - 1)
    let strongest = far.max { powers[$0] < powers[$1] } ?? 0
    self.layout = layout
    self.strongest = strongest
    snapshots = chirps.count * layout.receivers
    echoes = (0..<snapshots).map { snapshot in
      let place = 2 * (snapshot * bins + strongest)
      return SIMD2(spectra[place], spectra[place + 1])
    }
  }

  /// Puts each number to its place, tapered.
  private static func fill(
    _ input: inout AlignedBuffer<Float>, with chirp: [Float], places: [Int], taper: [Float],
    components: Int
  ) {
    var samples = input.mutableSpan
    for (scalar, place) in zip(chirp, places) {
      samples[place] = scalar * taper[place / components % taper.count]
    }
  }
}

extension RangeSpectrum {
  /// The power of each bin above that of the noise, as shares, and the share of the noise in a bin.
  private var lines: (excesses: [Double], noise: Double) {
    let median = shares.sorted()[shares.count / 2]
    // What exceeds the noise by less may be chance.
    let limit = median * (1 + 6 / Double(snapshots).squareRoot())
    let excesses = shares.map { $0 > limit ? $0 - median : 0 }
    let noise = (1 - excesses.reduce(0, +)) / Double(shares.count)
    return (excesses, max(noise, 1e-12))
  }

  /// What speaks for the layout.
  ///
  /// The likelihood of the chirps is compared with that of white noise of the same power: all
  /// layouts hold the same numbers, so the one with the fewest and sharpest lines predicts them best.
  var candidate: LayoutEvidence.Candidate {
    let (excesses, noise) = lines
    let bins = Double(shares.count)
    let surprise =
      bins * .log(bins * noise) + excesses.reduce(0) { $0 + .log(1 + $1 / noise) }
    let half = shares.count / 2
    var nearShare: Double?
    if layout.sampleKind == .complex {
      let near = excesses[2..<half].reduce(0, +)
      let far = excesses[(half + 1)..<(shares.count - 1)].reduce(0, +)
      if near + far > 0 { nearShare = near / (near + far) }
    }
    return LayoutEvidence.Candidate(
      layout: layout, gain: -surprise * Double(layout.receivers), nearShare: nearShare)
  }

  /// How well the receivers agree on the strongest echo, and `nil` if there is one only.
  var receiverCoherence: Double? {
    let receivers = layout.receivers
    guard receivers > 1 else { return nil }
    var coherences: [Double] = []
    for receiver in 1..<receivers {
      var product = SIMD2<Double>.zero
      var powers = SIMD2<Double>.zero
      for chirp in 0..<echoes.count / receivers {
        let (a, b) = (echoes[chirp * receivers], echoes[chirp * receivers + receiver])
        product += SIMD2(Double(a.x * b.x + a.y * b.y), Double(a.y * b.x - a.x * b.y))
        powers += SIMD2(Double((a * a).sum()), Double((b * b).sum()))
      }
      let scale = (powers.x * powers.y).squareRoot()
      if scale > 0 { coherences.append((product * product).sum().squareRoot() / scale) }
    }
    return coherences.isEmpty ? nil : coherences.reduce(0, +) / Double(coherences.count)
  }
}
