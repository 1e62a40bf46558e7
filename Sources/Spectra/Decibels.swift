internal import CKernels
public import RealModule

/// The level of `power` in decibels: ten times its decimal logarithm.
///
/// Power below `floor` counts as `floor`, which keeps the level of silence finite.
@inlinable
public func decibels(power: Float, floor: Float = 1e-20) -> Float {
  10 * .log10(max(power, floor))
}

/// Replaces powers by their levels in decibels, allocating nothing.
///
/// A level is within 3e-5 dB of the exact one. Power below `floor`, and what is not a number,
/// counts as `floor`.
///
/// - Precondition: `floor` is at least the least normal number.
/// - Complexity: O(*n*), about a nanosecond for eight levels.
public func convertToDecibels(_ powers: inout MutableSpan<Float>, floor: Float = 1e-20) {
  precondition(floor >= .leastNormalMagnitude, "the level of \(floor) is not finite")
  unsafe powers.withUnsafeMutableBufferPointer { buffer in
    guard let base = buffer.baseAddress else { return }
    unsafe levelsFloat(base, Int64(buffer.count), floor)
  }
}
