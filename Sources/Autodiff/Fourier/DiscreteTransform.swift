internal import RealModule

/// The unnormalised discrete Fourier transform of one length, in double precision.
///
/// Powers of two are halved again and again (Cooley and Tukey, 1965). Any other length becomes a
/// convolution with a chirp, which is computed with powers of two (Bluestein, 1970). It serves
/// tensors of both precisions: the transform of `Float` is right to its last digit or so.
struct DiscreteTransform {
  /// The number of samples.
  let length: Int

  /// cos and −sin of 2π*k*/`length`, or of the length that the chirp is padded to.
  private let cosines: [Double]
  private let sines: [Double]
  private let chirp: Chirp?

  private struct Chirp {
    /// exp(−πi*k*²/*n*).
    var real: [Double]
    var imaginary: [Double]

    /// The transform of its conjugate, wrapped around the padded length.
    var kernelReal: [Double]
    var kernelImaginary: [Double]
  }

  /// Creates the transform of `length` samples.
  init(length: Int) {
    self.length = length
    let isPower = length & (length - 1) == 0
    var padded = length
    if !isPower {
      padded = 1
      while padded < 2 * length - 1 { padded *= 2 }
    }
    let angles = (0..<padded / 2).map { -2 * Double.pi * Double($0) / Double(padded) }
    cosines = angles.map { .cos($0) }
    sines = angles.map { .sin($0) }
    guard !isPower else {
      chirp = nil
      return
    }
    // k² is taken modulo 2n, where the angle repeats, to keep the digits of large ones.
    let phases = (0..<length).map { k in
      -Double.pi * Double(k * k % (2 * length)) / Double(length)
    }
    var chirp = Chirp(
      real: phases.map { .cos($0) }, imaginary: phases.map { .sin($0) },
      kernelReal: [Double](repeating: 0, count: padded),
      kernelImaginary: [Double](repeating: 0, count: padded))
    for k in 0..<length {
      for place in Set([k, (padded - k) % padded]) {
        chirp.kernelReal[place] = chirp.real[k]
        chirp.kernelImaginary[place] = -chirp.imaginary[k]
      }
    }
    transformPower(&chirp.kernelReal, &chirp.kernelImaginary, cosines, sines)
    self.chirp = chirp
  }

  /// Transforms samples in place; the backward transform, which is not divided by the length, has
  /// the opposite sign in the exponent.
  func transform(_ real: inout [Double], _ imaginary: inout [Double], isBackward: Bool) {
    if isBackward { for k in imaginary.indices { imaginary[k] = -imaginary[k] } }
    if let chirp {
      convolve(&real, &imaginary, with: chirp)
    } else {
      transformPower(&real, &imaginary, cosines, sines)
    }
    if isBackward { for k in imaginary.indices { imaginary[k] = -imaginary[k] } }
  }

  private func convolve(
    _ real: inout [Double], _ imaginary: inout [Double], with chirp: Chirp
  ) {
    let padded = chirp.kernelReal.count
    var a = [Double](repeating: 0, count: padded)
    var b = [Double](repeating: 0, count: padded)
    for k in 0..<length {
      a[k] = real[k] * chirp.real[k] - imaginary[k] * chirp.imaginary[k]
      b[k] = real[k] * chirp.imaginary[k] + imaginary[k] * chirp.real[k]
    }
    transformPower(&a, &b, cosines, sines)
    for k in 0..<padded {
      let product = (
        a[k] * chirp.kernelReal[k] - b[k] * chirp.kernelImaginary[k],
        a[k] * chirp.kernelImaginary[k] + b[k] * chirp.kernelReal[k]
      )
      // Conjugated, so that the next forward transform goes backward.
      a[k] = product.0
      b[k] = -product.1
    }
    transformPower(&a, &b, cosines, sines)
    for k in 0..<length {
      let (x, y) = (a[k] / Double(padded), -b[k] / Double(padded))
      real[k] = x * chirp.real[k] - y * chirp.imaginary[k]
      imaginary[k] = x * chirp.imaginary[k] + y * chirp.real[k]
    }
  }
}

/// Transforms a power of two of samples: first into the order of reversed bits, then pairs, pairs of
/// pairs, and so on.
private func transformPower(
  _ real: inout [Double], _ imaginary: inout [Double], _ cosines: [Double], _ sines: [Double]
) {
  let count = real.count
  var mirror = 0
  for place in 1..<max(count, 1) {
    var bit = count / 2
    while mirror & bit != 0 {
      mirror ^= bit
      bit /= 2
    }
    mirror |= bit
    if place < mirror {
      real.swapAt(place, mirror)
      imaginary.swapAt(place, mirror)
    }
  }
  var half = 1
  while half < count {
    let step = count / (2 * half)
    for start in stride(from: 0, to: count, by: 2 * half) {
      for k in 0..<half {
        let (c, s) = (cosines[k * step], sines[k * step])
        let (low, high) = (start + k, start + k + half)
        let x = real[high] * c - imaginary[high] * s
        let y = real[high] * s + imaginary[high] * c
        real[high] = real[low] - x
        imaginary[high] = imaginary[low] - y
        real[low] += x
        imaginary[low] += y
      }
    }
    half *= 2
  }
}
