public import Radar

/// How one sample is stored: a datatype of SigMF, such as `ci16_le`.
public struct Datatype: Hashable, Sendable {
  /// The kind of number that a scalar is stored as.
  public enum Scalar: String, CaseIterable, Hashable, Sendable {
    /// IEEE 754 numbers.
    case f32, f64

    /// Two's complement integers: those of 24 and 64 bits extend SigMF.
    case i8, i16, i24, i32, i64

    /// Unsigned integers: an ADC without a sign rests at the middle of its scale.
    ///
    /// Those of 12 and 64 bits extend SigMF. Two of 12 bits share three bytes, most significant
    /// bits first.
    case u8, u12, u16, u32, u64

    /// The bits a scalar takes in a file.
    public var bits: Int {
      switch self {
      case .i8, .u8: 8
      case .u12: 12
      case .i16, .u16: 16
      case .i24: 24
      case .i32, .u32, .f32: 32
      case .i64, .u64, .f64: 64
      }
    }

    /// Whether a scalar is an integer, so that fewer of its bits can have a meaning.
    public var isInteger: Bool { self != .f32 && self != .f64 }

    /// Whether a scalar is never negative.
    public var isUnsigned: Bool { [.u8, .u12, .u16, .u32, .u64].contains(self) }
  }

  /// Which byte of a scalar comes first.
  public enum ByteOrder: String, Hashable, Sendable {
    /// The least significant one.
    case littleEndian = "le"

    /// The most significant one.
    case bigEndian = "be"
  }

  /// Whether a sample is one number or two.
  public var sampleKind: FrameShape.SampleKind

  /// The kind of number that a scalar is stored as.
  public var scalar: Scalar

  /// Which byte of a scalar comes first.
  public var byteOrder: ByteOrder

  /// Creates a datatype.
  public init(
    _ sampleKind: FrameShape.SampleKind, _ scalar: Scalar, _ byteOrder: ByteOrder = .littleEndian
  ) {
    self.sampleKind = sampleKind
    self.scalar = scalar
    self.byteOrder =
      switch scalar {
      case .i8, .u8: .littleEndian
      case .u12: .bigEndian
      default: byteOrder
      }
  }

  /// The bits a sample takes in a file.
  public var bitsPerSample: Int { scalar.bits * sampleKind.components }
}

// MARK: - Names

extension Datatype: CustomStringConvertible {
  /// Creates the datatype with the `name` that SigMF gives it, and `nil` if there is none.
  ///
  /// Scalars longer than a byte may leave out their byte order: then it is little-endian.
  public init?(_ name: String) {
    let parts = name.split(separator: "_", omittingEmptySubsequences: false)
    guard let first = parts.first, parts.count <= 2,
      let scalar = Scalar(rawValue: String(first.dropFirst())),
      first.hasPrefix("r") || first.hasPrefix("c")
    else { return nil }
    var byteOrder = ByteOrder.littleEndian
    if parts.count == 2 {
      guard let named = ByteOrder(rawValue: String(parts[1])), scalar.bits > 8 else { return nil }
      byteOrder = named
    }
    guard scalar != .u12 || parts.count == 1 || byteOrder == .bigEndian else { return nil }
    self.init(first.hasPrefix("r") ? .real : .complex, scalar, byteOrder)
  }

  /// The name that SigMF gives the datatype.
  public var description: String {
    let name = (sampleKind == .real ? "r" : "c") + scalar.rawValue
    return scalar.bits == 8 ? name : "\(name)_\(byteOrder.rawValue)"
  }
}
