import CKernels

// The convolution kernels without the engine around them: how much of a training step is theirs, and
// how close each of them comes to what the machine can multiply and add.

/// One convolution of 3 × 3 of a benchmark network, over a shard of images.
@safe private final class BareLayer {
  /// What is computed.
  enum Part: String, CaseIterable {
    case forward, filterGradient, inputGradient
  }

  let channels: Int
  let size: Int

  /// The floating-point operations of each part for one image.
  let operations: Double

  private var shape: LayerShape
  private let blocks: [UnsafeMutablePointer<Float>]
  private let places: UnsafeMutablePointer<UInt8>

  init(images: Int, size: Int, channels: Int, filters: Int, isPooled: Bool) {
    self.channels = channels
    self.size = size
    operations = Double(2 * 9 * channels * filters) * Double(size * size)
    let window = Int64(isPooled ? 2 : 1)
    shape = LayerShape(
      batch: Int64(images), height: Int64(size), width: Int64(size), channels: Int64(channels),
      kernelHeight: 3, kernelWidth: 3, filters: Int64(filters), paddingTop: 1, paddingBottom: 1,
      paddingLeft: 1, paddingRight: 1, poolHeight: window, poolWidth: window, rectifies: 1)
    let input = images * size * size * channels
    let output = images * size * size * filters / Int(window * window)
    let scratch = unsafe Int(max(layerScratch(&shape, 0), layerScratch(&shape, 1)))
    // Input, filter, bias, output, its gradient, the other three gradients, scratch.
    let counts = [
      input, 9 * channels * filters, filters, output, output, input, 9 * channels * filters,
      filters,
      scratch,
    ]
    unsafe blocks = counts.map { count in
      let block = unsafe UnsafeMutableRawPointer.allocate(byteCount: 4 * count, alignment: 64)
        .bindMemory(to: Float.self, capacity: count)
      for (index, value) in noise(count, scale: 0.5).enumerated() { unsafe block[index] = value }
      return unsafe block
    }
    unsafe places = .allocate(capacity: output)
    run(.forward)
  }

  deinit {
    for index in unsafe blocks.indices { unsafe blocks[index].deallocate() }
    unsafe places.deallocate()
  }

  func run(_ part: Part) {
    switch part {
    case .forward:
      unsafe layerForward(
        &shape, blocks[0], blocks[1], blocks[2], blocks[8], blocks[3], places)
    case .filterGradient:
      unsafe layerBackward(
        &shape, blocks[0], blocks[1], blocks[3], places, blocks[4], blocks[8], nil, blocks[6],
        blocks[7])
    case .inputGradient:
      unsafe layerBackward(
        &shape, blocks[0], blocks[1], blocks[3], places, blocks[4], blocks[8], blocks[5], nil,
        blocks[7])
    }
  }
}

/// The parts of every convolution alone, for one image, and all of them for a batch.
func kernelBenches() -> [Bench] {
  [("small", [3, 16, 32, 64], 8, 1), ("temporal", [1, 8, 16, 32], 32, 32)].flatMap {
    name, widths, images, frames in
    let layers = {
      (0..<3).map { index in
        BareLayer(
          images: images, size: 32 >> index, channels: widths[index], filters: widths[index + 1],
          isPooled: index < 2)
      }
    }
    // The first layer needs no gradient of its input.
    func parts(_ index: Int) -> [BareLayer.Part] {
      index == 0 ? [.forward, .filterGradient] : BareLayer.Part.allCases
    }
    let each = (0..<3).flatMap { index in
      parts(index).map { part in
        Bench(
          name: "layer", workload: "\(name)_\(index + 1)_\(part.rawValue)_x\(images)",
          operations: layers()[index].operations * Double(images)
        ) {
          let layer = layers()[index]
          return { layer.run(part) }
        }
      }
    }
    let all = [32, 128].map { batch in
      let operations = layers().enumerated().map { index, layer in
        layer.operations * Double(parts(index).count)
      }
      return Bench(
        name: "conv_floor", workload: "\(name)_b\(batch)",
        operations: operations.reduce(0, +) * Double(batch * frames)
      ) {
        let layers = layers()
        return {
          for _ in 0..<batch * frames / images {
            for (index, layer) in layers.enumerated() {
              for part in parts(index) { layer.run(part) }
            }
          }
        }
      }
    }
    return each + all
  }
}
