import Autodiff
import Gestures

/// The nearest ten of a million codes of 64 bits, and of 128, found exactly; and by tables, where the
/// nearest are near.
func retrievalBenches() -> [Bench] {
  let plain = [64, 128].map { bits in
    Bench(name: "hamming", workload: "1M x \(bits)") {
      let index = codes(1_000_000, bits: bits)
      let queries = (0..<32).map { index[$0 * 31_000].flipped(every: 9) }
      var next = 0
      return {
        _ = index.nearest(to: queries[next % 32], limit: 10)
        next += 1
      }
    }
  }
  let hashed = Bench(name: "hamming_tables", workload: "1M x 64") {
    let hash = MultiIndexHash(codes(1_000_000, bits: 64))
    let queries = (0..<32).map { hash.codes[$0 * 31_000].flipped(every: 21) }
    var next = 0
    return {
      _ = hash.nearest(to: queries[next % 32], limit: 1)
      next += 1
    }
  }
  return plain + [hashed]
}

/// Codes that have nothing to do with each other.
private func codes(_ count: Int, bits: Int) -> HammingIndex {
  var generator = SeededGenerator(seed: 1)
  var index = HammingIndex(bitCount: bits)
  for _ in 0..<count {
    index.append(
      BinaryCode(words: (0..<bits / 64).map { _ in generator.next() }, bitCount: bits))
  }
  return index
}

extension BinaryCode {
  /// The code with every `step`th bit changed.
  fileprivate func flipped(every step: Int) -> BinaryCode {
    var words = words
    for bit in stride(from: 0, to: bitCount, by: step) {
      words[bit / 64] ^= 1 << UInt64(bit % 64)
    }
    return BinaryCode(words: words, bitCount: bitCount)
  }
}

/// One gesture of 600 points, named by the network on graphs of points.
func pointGraphBench() -> Bench {
  Bench(name: "point_graph", workload: "600 points in 2 s", recorded: 2) {
    var generator = SeededGenerator(seed: 1)
    func gesture(_ label: String) -> PointSequence {
      let points = (0..<600).map { index in
        RadarPoint(
          position: SIMD3(
            .random(in: -0.5...0.5, using: &generator), .random(in: 0.8...1.6, using: &generator),
            .random(in: -0.6...0.6, using: &generator)),
          velocity: .random(in: -1...1, using: &generator), intensity: 10,
          time: Float(index) / 300)
      }
      return PointSequence(source: "", points: points, label: label)
    }
    var trainer = PointGraphTrainer()
    trainer.epochs = 1
    trainer.threads = 1
    let sequence = gesture("one")
    guard let model = try? trainer.train(on: [sequence, gesture("other")]) else { return {} }
    return { _ = model.prediction(for: sequence) }
  }
}
