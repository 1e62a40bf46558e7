internal import CKernels

// Where fused layers meet their kernels in C.

extension ConvolutionUnit {
  fileprivate var layerShape: LayerShape {
    LayerShape(
      batch: Int64(input[0]), height: Int64(input[1]), width: Int64(input[2]),
      channels: Int64(input[3]), kernelHeight: Int64(filter[0]), kernelWidth: Int64(filter[1]),
      filters: Int64(filter[3]), paddingTop: Int64(paddingBefore.x),
      paddingBottom: Int64(paddingAfter.x), paddingLeft: Int64(paddingBefore.y),
      paddingRight: Int64(paddingAfter.y), poolHeight: Int64(window.x), poolWidth: Int64(window.y),
      rectifies: isRectified ? 1 : 0)
  }
}

extension Float {
  /// Computes a convolutional unit, and where in its window each output comes from if that is
  /// wanted.
  public static func _unit(
    _ input: Tensor<Float>, _ filter: Tensor<Float>, _ bias: Tensor<Float>, _ unit: ConvolutionUnit,
    keepsPlaces: Bool
  ) -> (output: Tensor<Float>, places: PoolingPlaces) {
    var shape = unit.layerShape
    let outputShape = unit.output
    var output: Tensor<Float>?
    func run(_ places: UnsafeMutablePointer<UInt8>?) {
      output = unsafe Tensor(pooled: outputShape) { output in
        _ = unsafe PooledMemory<Float>(count: Int(layerScratch(&shape, 0))) { scratch in
          unsafe input.withPointer { input in
            unsafe filter.withPointer { filter in
              unsafe bias.withPointer { bias in
                unsafe layerForward(&shape, input, filter, bias, scratch, output, places)
              }
            }
          }
        }
      }
    }
    var places = PoolingPlaces()
    if unit.window == SIMD2(1, 1) || !keepsPlaces {
      run(nil)
    } else {
      places.memory = unsafe PooledMemory(count: outputShape.reduce(1, *)) { unsafe run($0) }
    }
    return (output ?? Tensor(zeros: outputShape), places)
  }

  /// The gradients of input, filter and bias of a convolutional unit, as far as they are wanted.
  public static func _unitGradients(
    _ input: Tensor<Float>, _ filter: Tensor<Float>, _ output: Tensor<Float>,
    _ places: PoolingPlaces, _ gradient: Tensor<Float>, _ unit: ConvolutionUnit, wanted: [Bool]
  ) -> [Tensor<Float>?] {
    var shape = unit.layerShape
    func optional(
      _ shape: [Int], _ isWanted: Bool, _ fill: (UnsafeMutablePointer<Float>?) -> Void
    ) -> Tensor<Float>? {
      guard isWanted else {
        fill(nil)
        return nil
      }
      return unsafe Tensor(pooled: shape) { unsafe fill($0) }
    }
    func withPlaces(_ body: (UnsafePointer<UInt8>?) -> Void) {
      guard let memory = places.memory else { return body(nil) }
      unsafe memory.withPointer { unsafe body($0) }
    }
    var inputGradient: Tensor<Float>?
    var filterGradient: Tensor<Float>?
    let biasGradient = unsafe Tensor<Float>(pooled: [unit.filter[3]]) { biasSlope in
      filterGradient = unsafe optional(unit.filter, wanted[1]) { filterSlope in
        inputGradient = unsafe optional(unit.input, wanted[0]) { inputSlope in
          _ = unsafe PooledMemory<Float>(count: Int(layerScratch(&shape, 1))) { scratch in
            unsafe input.withPointer { input in
              unsafe filter.withPointer { filter in
                unsafe output.withPointer { output in
                  unsafe gradient.withPointer { gradient in
                    unsafe withPlaces { places in
                      unsafe layerBackward(
                        &shape, input, filter, output, places, gradient, scratch, inputSlope,
                        filterSlope, biasSlope)
                    }
                  }
                }
              }
            }
          }
        }
      }
    }
    return [inputGradient, filterGradient, wanted[2] ? biasGradient : nil]
  }

  /// The means of images `[batch, height, width, channel]` over their pixels.
  public static func _pixelMeans(_ images: Tensor<Float>) -> Tensor<Float> {
    let shape = images.shape
    return unsafe Tensor(pooled: [shape[0], shape[3]]) { means in
      unsafe images.withPointer { images in
        unsafe pixelMeans(
          images, Int64(shape[0]), Int64(shape[1] * shape[2]), Int64(shape[3]), means)
      }
    }
  }

  /// The adjoint of the means over pixels.
  public static func _spreadMeans(_ means: Tensor<Float>, to shape: [Int]) -> Tensor<Float> {
    unsafe Tensor(pooled: shape) { images in
      unsafe means.withPointer { means in
        unsafe spreadMeans(
          means, Int64(shape[0]), Int64(shape[1] * shape[2]), Int64(shape[3]), images)
      }
    }
  }
}
