import Autodiff
import Networks

/// Training steps of both networks with one and two threads, and their inference.
func networkBenches() -> [Bench] {
  trainingBenches(of: Small.self, "small") + trainingBenches(of: Temporal.self, "temporal")
    + [inferenceBench(of: Small.self, "small"), inferenceBench(of: Temporal.self, "temporal")]
}

/// Forward, backward and Adam.
private func trainingBenches<Network: BenchNetwork>(
  of network: Network.Type, _ name: String
) -> [Bench] {
  [32, 128].flatMap { batch in
    [1, 2].map { threads in
      Bench(
        name: "train_step", workload: "\(name)_b\(batch)", threads: threads,
        operations: Network.operations.training * Double(batch)
      ) {
        trainingStep(of: network, batch: batch, threads: threads)
      }
    }
  }
}

private func trainingStep<Network: BenchNetwork>(
  of _: Network.Type, batch: Int, threads: Int
) -> () -> Void {
  var generator = SeededGenerator(seed: 1)
  var network = Network(using: &generator)
  var optimizer = Adam<Network>()
  let width = Network.example.reduce(1, *)
  let classes = Network.classes
  let examples = noise(batch * width, scale: 1)
  return {
    let (_, gradient) = parallelValueWithGradient(
      of: network, exampleCount: batch, shardSize: Network.shardSize, threads: threads
    ) { network, range in
      let part = Array(examples[range.lowerBound * width..<range.upperBound * width])
      var targets = [Float](repeating: 0, count: range.count * classes)
      for (row, example) in range.enumerated() { targets[row * classes + example % 8] = 1 }
      return network.scores(Tensor(part, shape: [range.count] + Network.example))
        .crossEntropy(with: Tensor(targets, shape: [range.count, classes])) * Float(range.count)
    }
    optimizer.update(&network, along: gradient, learningRate: 1e-3)
  }
}

/// Scores of one example, from an array of numbers to an array of numbers.
private func inferenceBench<Network: BenchNetwork>(of _: Network.Type, _ name: String) -> Bench {
  Bench(name: "infer", workload: name, operations: Network.operations.inference) {
    var generator = SeededGenerator(seed: 1)
    let network = Network(using: &generator)
    let examples = (0..<8).map { _ in noise(Network.example.reduce(1, *), scale: 1) }
    var next = 0
    return {
      let example = Tensor(examples[next % 8], shape: [1] + Network.example)
      _ = network.scores(example).elements
      next += 1
    }
  }
}
