/// The zeros around what a filter moves over.
public enum ConvolutionPadding: Hashable, Sendable {
  /// None: the filter stays within the images.
  case none

  /// As many as make a filter with stride one keep the size, shared out to both sides, and one more
  /// at the end where they are odd.
  case same

  /// As many as make a filter with stride one keep the size, along the first axis all before it, so
  /// that no output depends on a later input, and shared out along the second.
  case causal

  /// This many rows and columns on either side.
  case symmetric(SIMD2<Int>)

  /// The rows and columns before and after images over which a filter reaches `reach`.
  func margins(reach: SIMD2<Int>) -> (before: SIMD2<Int>, after: SIMD2<Int>) {
    let all = reach &- 1
    switch self {
    case .none: return (SIMD2(0, 0), SIMD2(0, 0))
    case .same: return (all / 2, all &- all / 2)
    case .causal: return (SIMD2(all.x, all.y / 2), SIMD2(0, all.y - all.y / 2))
    case .symmetric(let margin): return (margin, margin)
    }
  }
}

extension Tensor {
  /// The convolution of images `[batch, height, width, channel]` with a filter `[height, width,
  /// channel of a group, filter]`, after padding with zeros.
  ///
  /// - Parameters:
  ///   - filter: The weights, not mirrored.
  ///   - geometry: How the filter moves.
  ///   - padding: The zeros around the images.
  ///   - groups: The groups that neighbouring channels and filters fall into: a filter sees the
  ///     channels of its group. With as many groups as channels the convolution is depthwise.
  /// - Returns: The convolution, `[batch, height, width, filter]`.
  /// - Precondition: The filter has the channels of a group and fits into the padded images; the
  ///   groups share channels and filters out evenly.
  public func convolved(
    with filter: Tensor, _ geometry: ConvolutionGeometry = ConvolutionGeometry(),
    padding: ConvolutionPadding, groups: Int = 1
  ) -> Tensor {
    precondition(
      rank == 4 && filter.rank == 4,
      "a filter of shape \(filter.shape) does not fit an input of shape \(shape)")
    let size = SIMD2(filter.shape[0], filter.shape[1])
    let (before, after) = padding.margins(reach: (size &- 1) &* geometry.dilation &+ 1)
    let padded = padded(before: before.x, after: after.x, along: 1)
      .padded(before: before.y, after: after.y, along: 2)
    return groups == 1
      ? padded.convolved(with: filter, geometry)
      : padded.convolvedInGroups(groups, with: filter, geometry)
  }

  /// The convolution of sequences `[batch, time, channel]` with a filter `[time, channel of a group,
  /// filter]`, after padding with zeros.
  ///
  /// - Parameters:
  ///   - filter: The weights, not mirrored.
  ///   - stride: The steps from one output to the next.
  ///   - dilation: The steps from one weight to the next.
  ///   - padding: The zeros around the sequences.
  ///   - groups: The groups that neighbouring channels and filters fall into.
  /// - Returns: The convolution, `[batch, time, filter]`.
  /// - Precondition: The filter has the channels of a group and fits into the padded sequences; the
  ///   groups share channels and filters out evenly.
  public func convolved1D(
    with filter: Tensor, stride: Int = 1, dilation: Int = 1, padding: ConvolutionPadding = .none,
    groups: Int = 1
  ) -> Tensor {
    precondition(
      rank == 3 && filter.rank == 3,
      "a filter of shape \(filter.shape) does not fit sequences of shape \(shape)")
    let margin: ConvolutionPadding
    if case .symmetric(let both) = padding {
      margin = .symmetric(SIMD2(both.x, 0))
    } else {
      margin = padding
    }
    let images = reshaped(to: [shape[0], shape[1], 1, shape[2]])
    let result = images.convolved(
      with: filter.reshaped(to: [filter.shape[0], 1, filter.shape[1], filter.shape[2]]),
      ConvolutionGeometry(stride: SIMD2(stride, 1), dilation: SIMD2(dilation, 1)),
      padding: margin, groups: groups)
    return result.reshaped(to: [result.shape[0], result.shape[1], result.shape[3]])
  }
}
