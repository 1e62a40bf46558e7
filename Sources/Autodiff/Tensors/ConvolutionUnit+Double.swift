// In double precision, which checks and does not compute, plain loops say what is meant.

extension ConvolutionUnit {
  /// Calls `body` with the place of every product that makes up one pixel of the convolution: input
  /// and filter, without the channel of the output.
  @inline(__always)
  private func forEachProduct(
    image: Int, row: Int, column: Int, _ body: (_ input: Int, _ filter: Int) -> Void
  ) {
    for y in 0..<filter[0] {
      for x in 0..<filter[1] {
        let inputRow = row + y - paddingBefore.x
        let inputColumn = column + x - paddingBefore.y
        guard (0..<input[1]).contains(inputRow), (0..<input[2]).contains(inputColumn) else {
          continue
        }
        let pixel = ((image * input[1] + inputRow) * input[2] + inputColumn) * input[3]
        for channel in 0..<input[3] {
          body(pixel + channel, ((y * filter[1] + x) * filter[2] + channel) * filter[3])
        }
      }
    }
  }

  /// Calls `body` with every output, where it stands and its filter.
  @inline(__always)
  private func forEachOutput(
    _ body: (_ output: Int, _ image: Int, _ row: Int, _ column: Int, _ number: Int) -> Void
  ) {
    let shape = output
    for place in 0..<shape.reduce(1, *) {
      let pixel = place / shape[3]
      body(
        place, pixel / (shape[1] * shape[2]), pixel / shape[2] % shape[1], pixel % shape[2],
        place % shape[3])
    }
  }

  fileprivate func forward(
    _ input: [Double], _ filter: [Double], _ bias: [Double]
  ) -> (output: [Double], places: [UInt8]) {
    var outputs = [Double](repeating: 0, count: output.reduce(1, *))
    var places = [UInt8](repeating: 0, count: outputs.count)
    forEachOutput { place, image, row, column, number in
      for pixel in 0..<window.x * window.y {
        var sum = bias[number]
        forEachProduct(
          image: image, row: row * window.x + pixel / window.y,
          column: column * window.y + pixel % window.y
        ) { sum += input[$0] * filter[$1 + number] }
        guard pixel == 0 || sum > outputs[place] else { continue }
        outputs[place] = sum
        places[place] = UInt8(pixel)
      }
      if isRectified { outputs[place] = max(outputs[place], 0) }
    }
    return (outputs, places)
  }

  fileprivate func backward(
    _ input: [Double], _ filter: [Double], _ output: [Double], _ places: [UInt8]?,
    _ gradient: [Double]
  ) -> (input: [Double], filter: [Double], bias: [Double]) {
    var inputs = [Double](repeating: 0, count: input.count)
    var filters = [Double](repeating: 0, count: filter.count)
    var biases = [Double](repeating: 0, count: self.filter[3])
    forEachOutput { place, image, row, column, number in
      guard !isRectified || output[place] > 0 else { return }
      let pixel = places.map { Int($0[place]) } ?? 0
      let slope = gradient[place]
      biases[number] += slope
      forEachProduct(
        image: image, row: row * window.x + pixel / window.y,
        column: column * window.y + pixel % window.y
      ) { one, other in
        inputs[one] += slope * filter[other + number]
        filters[other + number] += slope * input[one]
      }
    }
    return (inputs, filters, biases)
  }
}

extension Double {
  /// Computes a convolutional unit, and where in its window each output comes from if that is
  /// wanted.
  public static func _unit(
    _ input: Tensor<Double>, _ filter: Tensor<Double>, _ bias: Tensor<Double>,
    _ unit: ConvolutionUnit, keepsPlaces: Bool
  ) -> (output: Tensor<Double>, places: PoolingPlaces) {
    let result = unit.forward(input.elements, filter.elements, bias.elements)
    guard keepsPlaces else { return (Tensor(result.output, shape: unit.output), PoolingPlaces()) }
    let memory = unsafe PooledMemory<UInt8>(count: result.places.count) { places in
      for index in result.places.indices { unsafe places[index] = result.places[index] }
    }
    return (Tensor(result.output, shape: unit.output), PoolingPlaces(memory: memory))
  }

  /// The gradients of input, filter and bias of a convolutional unit, as far as they are wanted.
  public static func _unitGradients(
    _ input: Tensor<Double>, _ filter: Tensor<Double>, _ output: Tensor<Double>,
    _ places: PoolingPlaces, _ gradient: Tensor<Double>, _ unit: ConvolutionUnit, wanted: [Bool]
  ) -> [Tensor<Double>?] {
    let slopes = unit.backward(
      input.elements, filter.elements, output.elements, places.memory?.elements, gradient.elements)
    return [
      wanted[0] ? Tensor(slopes.input, shape: unit.input) : nil,
      wanted[1] ? Tensor(slopes.filter, shape: unit.filter) : nil,
      wanted[2] ? Tensor(slopes.bias) : nil,
    ]
  }

  /// The means of images `[batch, height, width, channel]` over their pixels.
  public static func _pixelMeans(_ images: Tensor<Double>) -> Tensor<Double> {
    let shape = images.shape
    let pixels = shape[1] * shape[2]
    let sums = _sum(images.elements, outer: shape[0], count: pixels, inner: shape[3])
    return Tensor(sums.map { $0 / Double(pixels) }, shape: [shape[0], shape[3]])
  }

  /// The adjoint of the means over pixels.
  public static func _spreadMeans(_ means: Tensor<Double>, to shape: [Int]) -> Tensor<Double> {
    let pixels = shape[1] * shape[2]
    let elements = means.elements
    let spread = (0..<shape.reduce(1, *)).map { place in
      elements[place / (pixels * shape[3]) * shape[3] + place % shape[3]] / Double(pixels)
    }
    return Tensor(spread, shape: shape)
  }
}
