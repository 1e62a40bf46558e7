internal import Radar
internal import RealModule
internal import Spectra

/// The power over range of all chirps in one layout, and how the receivers agree on it.
struct RangeSpectrum: Sendable {
  let layout: SampleLayout

  /// The chirps that were averaged.
  let chirps: Int

  /// The power of all receivers in each bin as a share: all bins together have one.
  let shares: [Double]

  /// The strongest bin besides those next to zero.
  let strongest: Int

  /// The products of receivers with each other in each bin, `[bin]`.
  private let products: [ReceiverProducts]

  /// Averages the spectra of chirps, each of so many numbers as they are stored.
  ///
  /// It is `nil` if the numbers do not make a chirp in this layout, or are all zero.
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
    var products = Array(repeating: ReceiverProducts(receivers: layout.receivers), count: bins)
    for chirp in chirps {
      Self.fill(&input, with: chirp, places: places, taper: taper, components: components)
      plan.transform(&input, into: &output)
      let values = output.span
      for bin in 0..<bins {
        products[bin].add { receiver in
          let place = 2 * (receiver * stride + bin)
          return SIMD2(values[place], values[place + 1])
        }
      }
    }
    let powers = products.map(\.power)
    let total = powers.reduce(0, +)
    guard total > 0 else { return nil }
    shares = powers.map { $0 / total }
    // Bins next to zero hold what leaks from the transmitter, whatever the layout.
    strongest = (2..<(isReal ? bins : bins - 1)).max { powers[$0] < powers[$1] } ?? 0
    self.layout = layout
    self.chirps = chirps.count
    self.products = products
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
  /// What speaks for the layout.
  ///
  /// The likelihood of the chirps, as Gaussian numbers of this spectrum, is compared with that of
  /// white noise of the same power, once with each receiver by itself and once with what receivers
  /// share. All layouts hold the same numbers, so the one in which the fewest and sharpest lines
  /// arrive from the fewest directions predicts them best. By themselves, receivers read one after
  /// another could be taken for those side by side if the phase from one to the next happens to
  /// continue a tone; with what they share, the parts of one receiver could be taken for several.
  var candidate: LayoutEvidence.Candidate {
    let receivers = layout.receivers
    let mean = products.reduce(0) { $0 + $1.power } / Double(products.count * receivers)
    let noise = ReceiverProducts.logarithmOfNoise(receivers: receivers, chirps: chirps)
    let alone = Double(receivers) * ReceiverProducts.logarithmOfNoise(receivers: 1, chirps: chirps)
    let gain = products.reduce(0) { sum, product in
      sum + noise - product.logarithmOfDeterminant(unit: mean)
        + alone - product.logarithmOfPowers(unit: mean)
    }
    return LayoutEvidence.Candidate(layout: layout, gain: gain / 2, nearShare: nearShare)
  }

  /// The nats that chance alone adds or takes from a gain, as a standard deviation.
  var uncertainty: Double {
    (Double(products.count * layout.receivers) / Double(chirps)).squareRoot()
  }

  /// The share of power above the noise that is nearer than half the range.
  private var nearShare: Double? {
    guard layout.sampleKind == .complex else { return nil }
    let median = shares.sorted()[shares.count / 2]
    // What exceeds the noise by less may be chance.
    let limit = median * (1 + 6 / Double(chirps * layout.receivers).squareRoot())
    let excesses = shares.map { $0 > limit ? $0 - median : 0 }
    let half = shares.count / 2
    let near = excesses[2..<half].reduce(0, +)
    let far = excesses[(half + 1)..<(shares.count - 1)].reduce(0, +)
    return near + far > 0 ? near / (near + far) : nil
  }

  /// How well the receivers agree on the strongest echo, and `nil` if there is one only.
  var receiverCoherence: Double? { products[strongest].coherence }
}
