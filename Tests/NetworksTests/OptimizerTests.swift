import Autodiff
import Networks
import Testing

@Suite("Optimisers")
struct OptimizerTests {
  private struct Goldens: Decodable {
    var tolerance: Double
    var courses: [String: [[Double]]]
  }

  private typealias Point = Tensor<Double>

  private func slope(at x: Point) -> Point {
    gradient(of: x) { x in
      let (a, b) = (x.strided(by: 2, along: 0), x.sliced(1..<4, along: 0).strided(by: 2, along: 0))
      return ((1 - a).squared() + (b - a.squared()).squared() * 10).sum()
    }
  }

  private func follow(
    _ name: String, _ optimizer: some Optimizer<Point>, rate: Double, goldens: Goldens
  ) throws {
    var optimizer = optimizer
    var x = Tensor([-1, 1, 0.5, -0.5])
    let course = try #require(goldens.courses[name])
    #expect(course.count == 20)
    for (step, expected) in course.enumerated() {
      optimizer.update(&x, along: slope(at: x), learningRate: rate)
      for (a, b) in zip(x.elements, expected) {
        #expect(abs(a - b) < goldens.tolerance, "\(name), step \(step)")
      }
      // What is remembered continues in another optimiser.
      let state = optimizer.state
      #expect(state.stepCount == step + 1)
      optimizer.state = OptimizerState()
      optimizer.state = state
    }
  }

  @Test("Twenty steps of every optimiser are PyTorch's")
  func goldens() throws {
    let goldens = try golden("optimizers", as: Goldens.self)
    let norm = ParameterPenalty<Point, L1Norm<Double>>(L1Norm())
    try follow("sgd", GradientDescent<Point>(), rate: 0.01, goldens: goldens)
    try follow("momentum", GradientDescent<Point>(momentum: 0.9), rate: 0.005, goldens: goldens)
    try follow(
      "nesterov", GradientDescent<Point>(momentum: 0.9, isNesterov: true), rate: 0.005,
      goldens: goldens)
    try follow(
      "sgd-decay", GradientDescent<Point>(momentum: 0.9, weightDecay: 0.1), rate: 0.005,
      goldens: goldens)
    try follow("adam", Adam<Point>(), rate: 0.05, goldens: goldens)
    try follow("adamw", Adam<Point>(weightDecay: 0.2), rate: 0.05, goldens: goldens)
    try follow(
      "proximal-sgd",
      ProximalOptimizer(GradientDescent<Point>(), penalty: norm, weight: 2), rate: 0.01,
      goldens: goldens)
    try follow(
      "proximal-adam", ProximalOptimizer(Adam<Point>(), penalty: norm, weight: 2), rate: 0.05,
      goldens: goldens)
  }

  @Test("A proximal optimiser finds a sparse vector that plain descent does not")
  func sparsity() {
    // Fewer measurements than unknowns: 16 of a vector of 24 with two entries that are not zero.
    var generator = SeededGenerator(seed: 3)
    let matrix = Tensor(
      (0..<16 * 24).map { _ in Double.random(in: -0.45...0.45, using: &generator) },
      shape: [16, 24])
    var truth = [Double](repeating: 0, count: 24)
    truth[4] = 2
    truth[13] = -1.5
    let measured = matrix.matrixProduct(Tensor(truth, shape: [24, 1]))
    func solve(_ optimizer: some Optimizer<Point>, rate: Double) -> [Double] {
      var optimizer = optimizer
      var x = Tensor<Double>(zeros: [24, 1])
      for step in 0..<1500 {
        let slope = gradient(of: x) { (matrix.matrixProduct($0) - measured).squared().sum() / 2 }
        optimizer.update(&x, along: slope, learningRate: step < 1000 ? rate : rate / 10)
      }
      return x.elements
    }
    let norm = ParameterPenalty<Point, L1Norm<Double>>(L1Norm())
    let plain = solve(GradientDescent(), rate: 0.1)
    #expect(plain.count { $0.magnitude > 0.02 } > 16)
    let sparse = solve(
      ProximalOptimizer(GradientDescent<Point>(), penalty: norm, weight: 0.05), rate: 0.1)
    #expect(sparse.indices.filter { sparse[$0] != 0 } == [4, 13])
    #expect(zip(sparse, truth).allSatisfy { ($0 - $1).magnitude < 0.1 })
  }

  private struct ScheduleGoldens: Decodable {
    struct Clipping: Decodable {
      var gradients: [GoldenTensor]
      var norm: Double
      var clipped: [GoldenTensor]
    }

    var tolerance: Double
    var cosine: [Double]
    var step: [Double]
    var losses: [Double]
    var plateau: [Double]
    var clipping: Clipping
  }

  @Test("Schedules and clipping are PyTorch's")
  func schedules() throws {
    let goldens = try golden("schedules", as: ScheduleGoldens.self)
    let cosine = CosineSchedule(peak: 0.8, warmUp: 0, steps: 20)
    let stepwise = StepSchedule(start: 0.8, factor: 0.3, interval: 6)
    var plateau = PlateauSchedule(start: 0.8, factor: 0.5, patience: 2, threshold: 1e-2)
    for step in 0..<20 {
      #expect(abs(cosine.rate(at: step) - goldens.cosine[step]) < goldens.tolerance)
      #expect(abs(stepwise.rate(at: step) - goldens.step[step]) < goldens.tolerance)
      plateau.observe(goldens.losses[step])
      #expect(abs(plateau.rate - goldens.plateau[step]) < goldens.tolerance)
    }
    let warm = WarmUpSchedule(stepwise, steps: 4)
    #expect(abs(warm.rate(at: 0) - 0.2) < 1e-15 && warm.rate(at: 3) == 0.8)
    #expect((4..<24).map(warm.rate) == (0..<20).map(stepwise.rate))

    let gradient = goldens.clipping.gradients.map(\.tensor)
    #expect(abs(gradient.norm - goldens.clipping.norm) < 1e-12)
    for (found, expected) in zip(gradient.clipped(toNorm: 1.5), goldens.clipping.clipped) {
      for (a, b) in zip(found.elements, expected.elements) { #expect(abs(a - b) < 1e-6) }
    }
    #expect(gradient.clipped(toNorm: 1000) == gradient)
    #expect(Tensor([-3.0, 0.5, 2]).clipped(toMagnitude: 1).elements == [-1, 0.5, 1])
  }

  @Test("The mean of models is even, or fades")
  func averages() throws {
    var even = WeightAverage<Point>(.even)
    for value in [1.0, 2, 6] { even.absorb(Tensor([value])) }
    let mean = try #require(even.mean?.scalar)
    #expect(abs(mean - 3) < 1e-15)
    var fading = WeightAverage<Point>(.fading(0.5))
    for _ in 0..<100 { fading.absorb(Tensor([1.0])) }
    fading.absorb(Tensor([2.0]))
    let faded = try #require(fading.mean?.scalar)
    #expect(abs(faded - 1.5) < 1e-12)
  }

  @Test("Early stopping keeps the best model and waits as long as it was told")
  func earlyStopping() {
    var watch = EarlyStopping<Int>(patience: 2)
    let losses = [3.0, 2, 2.5, 1, 1.5, 1, 1.2, 0.5]
    let stops = losses.enumerated().map { watch.observe($0.offset, loss: $0.element) }
    #expect(stops.firstIndex(of: true) == 6)
    #expect(watch.best?.model == 7 && watch.best?.loss == 0.5)
  }
}
