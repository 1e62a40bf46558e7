internal import RealModule

/// A weight for every sample of a transform, which trades leakage against resolution.
///
/// A periodic taper of length *n* is a symmetric one of length *n* + 1 without its last weight, as
/// a Fourier transform of length *n* continues it.
public struct Taper: Hashable, Sendable {
  /// The shape of the weights.
  public enum Shape: Hashable, Sendable {
    /// Every weight is one.
    case rectangular

    /// A raised cosine that ends at zero.
    case hann

    /// A raised cosine with the lowest first side lobe.
    case hamming

    /// Two cosines, with side lobes below −58 dB.
    case blackman

    /// A Kaiser window, whose side lobes fall as `beta` grows.
    case kaiser(beta: Double)
  }

  /// The shape of the weights.
  public var shape: Shape

  /// Whether the last weight mirrors the first, as in a filter design.
  public var isSymmetric: Bool

  /// Creates a taper.
  public init(_ shape: Shape, isSymmetric: Bool = false) {
    self.shape = shape
    self.isSymmetric = isSymmetric
  }

  /// The weights for `count` samples.
  ///
  /// - Precondition: `count` is positive.
  public func weights(count: Int) -> [Float] {
    precondition(count > 0, "a taper needs at least one sample")
    guard count > 1 else { return [1] }
    let span = isSymmetric ? count - 1 : count
    return (0..<count).map { Float(weight(at: Double($0) / Double(span))) }
  }

  /// The weight at `position`, from zero at the first sample to one at the end.
  private func weight(at position: Double) -> Double {
    let angle = 2 * Double.pi * position
    switch shape {
    case .rectangular: return 1
    case .hann: return 0.5 - 0.5 * .cos(angle)
    case .hamming: return 0.54 - 0.46 * .cos(angle)
    case .blackman: return 0.42 - 0.5 * .cos(angle) + 0.08 * .cos(2 * angle)
    case .kaiser(let beta):
      let offset = 2 * position - 1
      return besselI0(beta * .sqrt(max(1 - offset * offset, 0))) / besselI0(beta)
    }
  }
}

/// The modified Bessel function of the first kind and order zero, by its power series.
private func besselI0(_ x: Double) -> Double {
  let quarter = x * x / 4
  var term = 1.0
  var sum = 1.0
  var order = 1.0
  while term > sum * 1e-17 {
    term *= quarter / (order * order)
    sum += term
    order += 1
  }
  return sum
}

// MARK: - Names

extension Taper: CustomStringConvertible {
  /// The taper called `name` on the command line: `hann`, `kaiser:8.6`, `hamming-symmetric`.
  ///
  /// Without such a taper the result is `nil`.
  public init?(name: some StringProtocol) {
    let isSymmetric = name.hasSuffix("-symmetric")
    let base = isSymmetric ? name.dropLast("-symmetric".count) : name[...]
    switch base {
    case "rectangular": shape = .rectangular
    case "hann": shape = .hann
    case "hamming": shape = .hamming
    case "blackman": shape = .blackman
    default:
      guard base.hasPrefix("kaiser:"), let beta = Double(base.dropFirst("kaiser:".count)),
        (0...700).contains(beta)
      else { return nil }
      shape = .kaiser(beta: beta)
    }
    self.isSymmetric = isSymmetric
  }

  /// The name that ``init(name:)`` understands.
  public var description: String {
    let base =
      switch shape {
      case .rectangular: "rectangular"
      case .hann: "hann"
      case .hamming: "hamming"
      case .blackman: "blackman"
      case .kaiser(let beta): "kaiser:\(beta)"
      }
    return isSymmetric ? base + "-symmetric" : base
  }
}
