/// How a file of tensors encodes its numbers.
enum SafeTensorsType: String {
  case half = "F16"
  case brain = "BF16"
  case single = "F32"
  case double = "F64"

  /// The bytes of a number.
  var width: Int {
    switch self {
    case .half, .brain: 2
    case .single: 4
    case .double: 8
    }
  }

  /// The number with these bits.
  func number(_ bits: UInt64) -> Float {
    switch self {
    case .half: halfNumber(UInt16(truncatingIfNeeded: bits))
    case .brain: Float(bitPattern: UInt32(truncatingIfNeeded: bits) << 16)
    case .single: Float(bitPattern: UInt32(truncatingIfNeeded: bits))
    case .double: Float(Double(bitPattern: bits))
    }
  }
}

/// The number that 16 bits stand for: sign, five bits of exponent, ten of significand.
///
/// `Float16` would know, but does not exist on every platform.
private func halfNumber(_ bits: UInt16) -> Float {
  let sign: Float = bits >> 15 == 0 ? 1 : -1
  let exponent = Int(bits >> 10 & 31)
  let fraction = Float(bits & 1023) / 1024
  switch exponent {
  case 0: return sign * fraction * 0x1p-14
  case 31: return fraction == 0 ? sign * .infinity : .nan
  default:
    return sign * (1 + fraction) * Float(sign: .plus, exponent: exponent - 15, significand: 1)
  }
}
