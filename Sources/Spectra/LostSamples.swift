/// How much to scale up what is left of a signal of which a part was lost, so that it keeps its
/// level.
///
/// Less than an eighth of the weight says more about noise than about the signal: it counts as
/// silence, which is a scale of zero.
///
/// - Parameters:
///   - weight: The weight of the samples that are left.
///   - total: The weight of all samples.
/// - Returns: The factor, one if nothing was lost.
package func scaleOfRemaining(weight: Float, of total: Float) -> Float {
  weight >= total / 8 && weight > 0 ? total / weight : 0
}
