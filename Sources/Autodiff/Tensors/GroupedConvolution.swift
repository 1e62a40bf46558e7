// Convolution in groups of channels. It is linear in the images and in the filter, and with the
// gradient of the result makes a form linear in all three: each of the three operations below leaves
// one of them out, and is the gradient of the other two.

extension Tensor {
  /// The convolution of images whose channels fall into groups, each seen by its own share of the
  /// filters; with a channel for each group it is a depthwise convolution.
  ///
  /// - Precondition: The filter, `[height, width, channel of a group, filter]`, fits.
  func convolvedInGroups(
    _ groups: Int, with filter: Tensor, _ geometry: ConvolutionGeometry
  ) -> Tensor {
    precondition(
      rank == 4 && filter.rank == 4 && groups > 0 && shape[3] == filter.shape[2] * groups
        && filter.shape[3] % groups == 0,
      "a filter of shape \(filter.shape) in \(groups) groups does not fit an input of \(shape)")
    var geometry = geometry
    geometry.input = shape
    geometry.filter = filter.shape
    precondition(
      geometry.outputHeight > 0 && geometry.outputWidth > 0,
      "a filter of shape \(filter.shape) is larger than an input of shape \(shape)")
    return trilinear(.output, self, filter, GroupedGeometry(geometry: geometry, groups: groups))
  }
}

/// One of the three tensors that a convolution ties together.
private enum Role { case input, filter, output }

private struct GroupedGeometry: Sendable {
  let geometry: ConvolutionGeometry
  let groups: Int

  func shape(of role: Role) -> [Int] {
    switch role {
    case .input: geometry.input
    case .filter: geometry.filter
    case .output: geometry.output
    }
  }

  /// Calls `body` with the place of every product: input, filter and output.
  @inline(__always)
  func forEachProduct(_ body: (_ input: Int, _ filter: Int, _ output: Int) -> Void) {
    let (input, filter) = (geometry.input, geometry.filter)
    let (channels, filters) = (filter[2], filter[3] / groups)
    for image in 0..<input[0] {
      for row in 0..<geometry.outputHeight {
        for column in 0..<geometry.outputWidth {
          let output =
            ((image * geometry.outputHeight + row) * geometry.outputWidth + column) * filter[3]
          for y in 0..<filter[0] {
            for x in 0..<filter[1] {
              let inputRow = row * geometry.stride.x + y * geometry.dilation.x
              let inputColumn = column * geometry.stride.y + x * geometry.dilation.y
              let pixel = ((image * input[1] + inputRow) * input[2] + inputColumn) * input[3]
              let tap = (y * filter[1] + x) * filter[2] * filter[3]
              for group in 0..<groups {
                for channel in 0..<channels {
                  let weight = tap + channel * filter[3] + group * filters
                  for number in 0..<filters {
                    body(
                      pixel + group * channels + channel, weight + number,
                      output + group * filters + number)
                  }
                }
              }
            }
          }
        }
      }
    }
  }
}

/// The derivative of the trilinear form by the tensor in `role`, from the other two in the order
/// input, filter, output.
private func trilinear<Scalar>(
  _ role: Role, _ a: Tensor<Scalar>, _ b: Tensor<Scalar>, _ geometry: GroupedGeometry
) -> Tensor<Scalar> {
  record([a, b]) { inputs in
    Tensor(
      products(role, inputs[0].elements, inputs[1].elements, geometry),
      shape: geometry.shape(of: role))
  } pullback: { inputs, _, gradient, wanted in
    let (a, b) = (inputs[0], inputs[1])
    return switch role {
    case .output:
      [
        wanted[0] ? trilinear(.input, b, gradient, geometry) : nil,
        wanted[1] ? trilinear(.filter, a, gradient, geometry) : nil,
      ]
    case .input:
      [
        wanted[0] ? trilinear(.filter, gradient, b, geometry) : nil,
        wanted[1] ? trilinear(.output, gradient, a, geometry) : nil,
      ]
    case .filter:
      [
        wanted[0] ? trilinear(.input, gradient, b, geometry) : nil,
        wanted[1] ? trilinear(.output, a, gradient, geometry) : nil,
      ]
    }
  }
}

@specialized(where Scalar == Float)
@specialized(where Scalar == Double)
private func products<Scalar: TensorScalar>(
  _ role: Role, _ a: [Scalar], _ b: [Scalar], _ geometry: GroupedGeometry
) -> [Scalar] {
  var result = [Scalar](repeating: 0, count: geometry.shape(of: role).reduce(1, *))
  switch role {
  case .output: geometry.forEachProduct { result[$2] += a[$0] * b[$1] }
  case .input: geometry.forEachProduct { result[$0] += a[$1] * b[$2] }
  case .filter: geometry.forEachProduct { result[$1] += a[$0] * b[$2] }
  }
  return result
}
