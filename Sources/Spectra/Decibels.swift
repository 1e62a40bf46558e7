public import RealModule

/// The level of `power` in decibels: ten times its decimal logarithm.
///
/// Power below `floor` counts as `floor`, which keeps the level of silence finite.
@inlinable
public func decibels(power: Float, floor: Float = 1e-20) -> Float {
  10 * .log10(max(power, floor))
}
