internal import RealModule
internal import Spectra

/// A frame as the windows that reach it need it.
struct HeldFrame {
  var time: Double
  var validity: [Bool]

  /// The range profiles, `[receiver, chirp, rangeBin]`.
  var profiles: [Float]

  /// The bin with the strongest moving echo.
  var center: Int
}

/// The Fourier transform of a window with gaps.
///
/// Chirps within a frame are evenly spaced, frames need not be. A chirp that lies *d* whole
/// intervals and a rest *δ* behind the start of the window goes to place *d*, and the rest to the
/// phase exp(−j2π*kδ*/*N*) of bin *k*: frames with equal rests share a transform. So the sum over the
/// chirps that are there is exact, wherever they are.
struct GappedWindow: ~Copyable {
  /// Where a frame lies in the window.
  struct Placement {
    var frame: Int
    var place: Int
    var rest: Double
  }

  /// The chirps that the window is long.
  let length: Int

  /// The weights, and with them those of time and of change, which tell where power belongs; all
  /// with alternating signs, which move zero velocity to the middle.
  private let weights: [[Float]]
  private let taper: [Float]
  private let plan: FourierPlan
  private var samples: AlignedBuffer<Float>
  private var spectrum: AlignedBuffer<Float>

  /// The spectra with each kind of weights, `[kind, bin]`, complex.
  private(set) var sums: [[Float]]

  init(length: Int, taper: Taper, reassigns: Bool, effort: PlanningEffort) {
    self.length = length
    let weights = taper.weights(count: length)
    self.taper = weights
    var kinds = [weights]
    if reassigns {
      let middle = Float(length / 2)
      kinds.append(weights.enumerated().map { (Float($0) - middle) * $1 })
      kinds.append(
        weights.indices.map { index in
          let next = index + 1 < length ? weights[index + 1] : weights[0]
          let last = weights[index > 0 ? index - 1 : length - 1]
          return (next - last) / 2
        })
    }
    self.weights = kinds.map { kind in
      kind.enumerated().map { $0.isMultiple(of: 2) ? $1 : -$1 }
    }
    plan = FourierPlan([.init(length: length, inputStride: 1, outputStride: 1)], effort: effort)
    samples = AlignedBuffer(repeating: 0, count: 2 * length)
    spectrum = AlignedBuffer(repeating: 0, count: 2 * length)
    sums = kinds.map { _ in [Float](repeating: 0, count: 2 * length) }
  }

  /// The share of the weights of a window that falls on chirps.
  func share(of frames: [HeldFrame], at placements: [Placement]) -> Float {
    var sum: Float = 0
    for placement in placements {
      let validity = frames[placement.frame].validity
      for chirp in places(of: validity.count, at: placement) where validity[chirp] {
        sum += taper[placement.place + chirp]
      }
    }
    return sum / taper.reduce(0, +)
  }

  /// Replaces ``sums`` with the spectra of one range bin of one receiver.
  ///
  /// - Parameters:
  ///   - frames: The frames.
  ///   - placements: Where they lie, those with equal rests one after the other.
  ///   - column: The complex number of each frame at which the first chirp stands.
  ///   - stride: The complex numbers from a chirp to the next.
  ///   - removesMean: Whether the mean of the chirps is subtracted.
  mutating func transform(
    _ frames: [HeldFrame], at placements: [Placement], column: Int, stride: Int, removesMean: Bool
  ) {
    let mean =
      removesMean ? self.mean(of: frames, at: placements, column: column, stride: stride) : .zero
    for kind in weights.indices {
      for index in 0..<2 * length { sums[kind][index] = 0 }
      var first = 0
      while first < placements.count {
        let rest = placements[first].rest
        var end = first + 1
        while end < placements.count, placements[end].rest == rest { end += 1 }
        clear(&samples)
        for placement in placements[first..<end] {
          let frame = frames[placement.frame]
          place(
            frame, chirps: places(of: frame.validity.count, at: placement), at: placement.place,
            column: column, stride: stride, mean: mean, weights: weights[kind], into: &samples)
        }
        plan.transform(&samples, into: &spectrum)
        add(spectrum, rest: rest, to: &sums[kind])
        first = end
      }
    }
  }

  /// The chirps of a frame that lie in the window.
  private func places(of chirps: Int, at placement: Placement) -> Range<Int> {
    let first = min(max(0, -placement.place), chirps)
    return first..<max(first, min(chirps, length - placement.place))
  }

  private func mean(
    of frames: [HeldFrame], at placements: [Placement], column: Int, stride: Int
  ) -> SIMD2<Float> {
    var sum = SIMD2<Float>.zero
    var count: Float = 0
    for placement in placements {
      let frame = frames[placement.frame]
      for chirp in places(of: frame.validity.count, at: placement) where frame.validity[chirp] {
        let source = 2 * (column + chirp * stride)
        sum += SIMD2(frame.profiles[source], frame.profiles[source + 1])
        count += 1
      }
    }
    return count > 0 ? sum / count : .zero
  }
}

private func clear(_ samples: inout AlignedBuffer<Float>) {
  var samples = samples.mutableSpan
  for index in samples.indices { samples[index] = 0 }
}

/// Writes the weighed chirps of a frame to their places in the window.
private func place(
  _ frame: HeldFrame, chirps: Range<Int>, at start: Int, column: Int, stride: Int,
  mean: SIMD2<Float>, weights: [Float], into samples: inout AlignedBuffer<Float>
) {
  var samples = samples.mutableSpan
  for chirp in chirps where frame.validity[chirp] {
    let place = start + chirp
    let source = 2 * (column + chirp * stride)
    samples[2 * place] = (frame.profiles[source] - mean.x) * weights[place]
    samples[2 * place + 1] = (frame.profiles[source + 1] - mean.y) * weights[place]
  }
}

/// Adds the spectrum of chirps that lie `rest` intervals behind their places.
private func add(_ spectrum: borrowing AlignedBuffer<Float>, rest: Double, to sums: inout [Float]) {
  let spectrum = spectrum.span
  let length = sums.count / 2
  guard rest != 0 else {
    for index in sums.indices { sums[index] += spectrum[index] }
    return
  }
  for bin in 0..<length {
    let angle = -2 * Double.pi * Double(bin - length / 2) * rest / Double(length)
    let cosine = Float(Double.cos(angle))
    let sine = Float(Double.sin(angle))
    let real = spectrum[2 * bin]
    let imaginary = spectrum[2 * bin + 1]
    sums[2 * bin] += real * cosine - imaginary * sine
    sums[2 * bin + 1] += real * sine + imaginary * cosine
  }
}
