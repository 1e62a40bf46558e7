/// Computes without remembering how, so that no gradient flows through what comes out.
///
/// It is ``Tensor/detached`` for a whole computation, and saves the memory of its tape. It means the
/// gradient calls around it: one inside it works as ever, and its result is a constant for those
/// outside.
///
/// ```swift
/// let target = withoutGradient { slowNetwork(images) }
/// ```
///
/// - Parameter body: What to compute.
/// - Returns: What `body` returns.
/// - Throws: What `body` throws.
public func withoutGradient<Result, Failure: Error>(
  _ body: () throws(Failure) -> Result
) throws(Failure) -> Result {
  let outcome = GradientDepth.$pausedUpTo.withValue(GradientDepth.current) {
    () -> Swift.Result<Result, Failure> in
    do throws(Failure) { return .success(try body()) } catch { return .failure(error) }
  }
  return try outcome.get()
}
