internal import CKernels

// Where tensors meet the kernels in C: the only file of the engine with pointers.

extension Float {
  /// Convolves padded channels-last images.
  public static func _convolve(
    _ input: [Float], _ filter: [Float], _ geometry: ConvolutionGeometry
  ) -> [Float] {
    var shape = geometry.kernelShape
    let rows = geometry.filter[0] * geometry.filter[1] * geometry.filter[2]
    var packed = [Float](repeating: 0, count: rows * lanes(geometry.filter[3]))
    let count = geometry.output.reduce(1, *)
    return unsafe [Float](unsafeUninitializedCapacity: count) { output, initialized in
      unsafe convolveFloat(&shape, input, filter, &packed, output.baseAddress)
      initialized = count
    }
  }

  /// The gradient of the filter of a convolution from that of its output.
  public static func _filterGradient(
    _ input: [Float], _ gradient: [Float], _ geometry: ConvolutionGeometry
  ) -> [Float] {
    var shape = geometry.kernelShape
    let pixels = geometry.outputHeight * geometry.outputWidth
    var packed = [Float](repeating: 0, count: pixels * lanes(geometry.filter[3]))
    var result = [Float](repeating: 0, count: geometry.filter.reduce(1, *))
    unsafe convolveFilterGradientFloat(&shape, input, gradient, &packed, &result)
    return result
  }
}

/// A number of filters rounded up to whole vectors.
private func lanes(_ filters: Int) -> Int { (filters + 15) / 16 * 16 }

extension ConvolutionGeometry {
  fileprivate var kernelShape: ConvolutionShape {
    ConvolutionShape(
      batch: Int64(input[0]), height: Int64(input[1]), width: Int64(input[2]),
      channels: Int64(input[3]), kernelHeight: Int64(filter[0]), kernelWidth: Int64(filter[1]),
      filters: Int64(filter[3]), strideY: Int64(stride.x), strideX: Int64(stride.y),
      dilationY: Int64(dilation.x), dilationX: Int64(dilation.y),
      outputHeight: Int64(outputHeight), outputWidth: Int64(outputWidth))
  }

  /// Calls `body` with the place of every product: input, filter and output.
  @inline(__always)
  fileprivate func forEachProduct(_ body: (_ input: Int, _ filter: Int, _ output: Int) -> Void) {
    for image in 0..<input[0] {
      for row in 0..<outputHeight {
        for column in 0..<outputWidth {
          let output = ((image * outputHeight + row) * outputWidth + column) * filter[3]
          for y in 0..<filter[0] {
            for x in 0..<filter[1] {
              let inputRow = row * stride.x + y * dilation.x
              let inputColumn = column * stride.y + x * dilation.y
              let pixel = ((image * input[1] + inputRow) * input[2] + inputColumn) * input[3]
              for channel in 0..<input[3] {
                let weight = ((y * filter[1] + x) * filter[2] + channel) * filter[3]
                for number in 0..<filter[3] {
                  body(pixel + channel, weight + number, output + number)
                }
              }
            }
          }
        }
      }
    }
  }
}

// In double precision, which checks and does not compute, plain loops say what is meant.
extension Double {
  /// Convolves padded channels-last images.
  public static func _convolve(
    _ input: [Double], _ filter: [Double], _ geometry: ConvolutionGeometry
  ) -> [Double] {
    var output = [Double](repeating: 0, count: geometry.output.reduce(1, *))
    geometry.forEachProduct { output[$2] += input[$0] * filter[$1] }
    return output
  }

  /// The gradient of the filter of a convolution from that of its output.
  public static func _filterGradient(
    _ input: [Double], _ gradient: [Double], _ geometry: ConvolutionGeometry
  ) -> [Double] {
    var filter = [Double](repeating: 0, count: geometry.filter.reduce(1, *))
    geometry.forEachProduct { filter[$1] += input[$0] * gradient[$2] }
    return filter
  }
}
