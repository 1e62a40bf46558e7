import Autodiff
import Testing

@Suite("Convolution and pooling")
struct ConvolutionTests {
  /// A convolution written as its definition, one output at a time.
  private func convolution(
    _ images: Tensor<Double>, _ filter: Tensor<Double>, _ geometry: ConvolutionGeometry,
    before: SIMD2<Int>, output: [Int], groups: Int
  ) -> [Double] {
    let (height, width, channels) = (images.shape[1], images.shape[2], images.shape[3])
    let (filters, seen) = (filter.shape[3], filter.shape[2])
    var result: [Double] = []
    for image in 0..<output[0] {
      for row in 0..<output[1] {
        for column in 0..<output[2] {
          for number in 0..<filters {
            var sum = 0.0
            for y in 0..<filter.shape[0] {
              for x in 0..<filter.shape[1] {
                let inputRow = row * geometry.stride.x + y * geometry.dilation.x - before.x
                let inputColumn = column * geometry.stride.y + x * geometry.dilation.y - before.y
                guard 0..<height ~= inputRow, 0..<width ~= inputColumn else { continue }
                for channel in 0..<seen {
                  let from = number / (filters / groups) * seen + channel
                  sum +=
                    images.elements[
                      ((image * height + inputRow) * width + inputColumn) * channels + from]
                    * filter.elements[
                      ((y * filter.shape[1] + x) * seen + channel) * filters + number]
                }
              }
            }
            result.append(sum)
          }
        }
      }
    }
    return result
  }

  @Test("Any stride, dilation, padding and grouping follows the definition", arguments: 0..<24)
  func definition(seed: Int) {
    var generator = SeededGenerator(seed: UInt64(seed))
    let groups = [1, 2, 3][seed % 3]
    let channels = groups * Int.random(in: 1...2, using: &generator)
    let geometry = ConvolutionGeometry(
      stride: generator.pair(1...3), dilation: generator.pair(1...2))
    let size = generator.pair(1...3)
    let images = generator.tensor([
      2, .random(in: 5...7, using: &generator), .random(in: 5...7, using: &generator), channels,
    ])
    let filter = generator.tensor([
      size.x, size.y, channels / groups, groups * .random(in: 1...2, using: &generator),
    ])
    let reach = (size &- 1) &* geometry.dilation
    let margin = generator.pair(0...2)
    let paddings: [(ConvolutionPadding, SIMD2<Int>, SIMD2<Int>)] = [
      (.none, SIMD2(0, 0), SIMD2(0, 0)), (.same, reach / 2, reach &- reach / 2),
      (.causal, SIMD2(reach.x, reach.y / 2), SIMD2(0, reach.y - reach.y / 2)),
      (.symmetric(margin), margin, margin),
    ]
    let (padding, before, after) = paddings[seed / 3 % 4]
    let room = SIMD2(images.shape[1], images.shape[2]) &+ before &+ after &- reach &- 1
    let counts = room / geometry.stride &+ 1
    let result = images.convolved(with: filter, geometry, padding: padding, groups: groups)
    #expect(result.shape == [2, counts.x, counts.y, filter.shape[3]])
    let expected = convolution(
      images, filter, geometry, before: before, output: result.shape, groups: groups)
    for (a, b) in zip(result.elements, expected) { #expect(abs(a - b) < 1e-12) }
    let singles = [images, filter].map { Tensor($0.elements.map(Float.init), shape: $0.shape) }
    let single = singles[0].convolved(
      with: singles[1], geometry, padding: padding, groups: groups)
    for (a, b) in zip(single.elements, expected) { #expect(abs(Double(a) - b) < 1e-5) }

    expectDerivatives(of: "convolution \(seed)", at: [images, filter]) {
      $0[0].convolved(with: $0[1], geometry, padding: padding, groups: groups)
    }
  }

  @Test("A convolution along time has the derivatives of differences", arguments: 0..<8)
  func alongTime(seed: Int) {
    var generator = SeededGenerator(seed: UInt64(seed))
    let groups = seed % 2 + 1
    let width = Int.random(in: 1...3, using: &generator)
    let sequences = generator.tensor([2, .random(in: 5...8, using: &generator), 2])
    let filter = generator.tensor([width, 2 / groups, 4])
    let stride = Int.random(in: 1...2, using: &generator)
    let paddings: [ConvolutionPadding] = [.none, .same, .causal, .symmetric(SIMD2(1, 1))]
    let padding = paddings[seed / 2]
    expectDerivatives(of: "convolution along time \(seed)", at: [sequences, filter]) {
      $0[0].convolved1D(
        with: $0[1], stride: stride, dilation: 2, padding: padding, groups: groups)
    }
  }

  @Test("A causal convolution does not see the future")
  func causality() {
    var generator = SeededGenerator(seed: 1)
    let (before, filter) = (generator.tensor([1, 9, 2]), generator.tensor([3, 2, 3]))
    var elements = before.elements
    for place in 10..<18 { elements[place] += 1 }
    let after = Tensor(elements, shape: before.shape)
    let results = [before, after].map {
      $0.convolved1D(with: filter, dilation: 2, padding: .causal)
    }
    #expect(results[0].shape == [1, 9, 3])
    #expect(results[0].sliced(0..<5, along: 1) == results[1].sliced(0..<5, along: 1))
    #expect(results[0].sliced(5..<6, along: 1) != results[1].sliced(5..<6, along: 1))
  }

  @Test("Pooling over any windows has the derivatives of differences", arguments: 0..<12)
  func pooling(seed: Int) {
    var generator = SeededGenerator(seed: UInt64(seed))
    let size = generator.pair(1...3)
    let window = PoolingWindow(
      size, stride: generator.pair(1...3),
      padding: SIMD2(
        .random(in: 0..<size.x, using: &generator), .random(in: 0..<size.y, using: &generator)))
    let images = generator.tensor([2] + generator.shape(rank: 2, longest: 3).map { $0 + 2 } + [2])
    expectDerivatives(of: "max pooling \(seed)", at: [images], isSmooth: false) {
      $0[0].maxPooled(window)
    }
    for countsPadding in [false, true] {
      expectDerivatives(of: "average pooling \(seed)", at: [images]) {
        $0[0].averagePooled(window, countsPadding: countsPadding)
      }
    }
    let ones = Tensor<Double>(repeating: 1, shape: images.shape)
    #expect(ones.averagePooled(window).elements.allSatisfy { $0 == 1 })
    #expect((-ones).maxPooled(window).elements.allSatisfy { $0 == -1 })
  }

  @Test("Windows side by side pool as the plain operations do")
  func plainPooling() {
    var generator = SeededGenerator(seed: 3)
    let images = generator.tensor([2, 6, 4, 3])
    #expect(images.maxPooled(PoolingWindow(SIMD2(2, 2))) == images.maxPooled(height: 2, width: 2))
    let means = images.averagePooled(PoolingWindow(SIMD2(3, 2)))
    for (a, b) in zip(means.elements, images.averagePooled(height: 3, width: 2).elements) {
      #expect(abs(a - b) < 1e-15)
    }
  }

  @Test("Filters and windows that do not fit trap")
  func misfits() async {
    await #expect(processExitsWith: .failure) {
      _ = Tensor<Float>(zeros: [1, 4, 4, 4]).convolved(
        with: Tensor(zeros: [1, 1, 2, 3]), padding: .none, groups: 2)
    }
    await #expect(processExitsWith: .failure) {
      _ = PoolingWindow(SIMD2(2, 2), padding: SIMD2(2, 0))
    }
    await #expect(processExitsWith: .failure) {
      _ = Tensor<Float>(zeros: [1, 2, 2, 1]).maxPooled(PoolingWindow(SIMD2(3, 1)))
    }
  }
}
