public import Autodiff

/// How uncertain the weights of the last layer are, after the shape of the loss around them.
///
/// The posterior is taken as normal around the learned weights, with the inverse of the curvature of
/// the loss as its covariance (Laplace's approximation). For a dense layer under a softmax the
/// curvature is nearly the product of one matrix over inputs and one over outputs (Ritter, Botev and
/// Barber, 2018), so the scores of an input *φ* are normal with the covariance
/// (*φ*ᵀ*A*⁻¹*φ*) *B*⁻¹, where *A* = √*N* E[*φφ*ᵀ] + √*τ* and *B* = √*N* E[diag *p* − *pp*ᵀ] + √*τ*.
public struct KroneckerLaplace: Equatable, Sendable {
  /// The lower factor of *A* after Cholesky, `[row, column]`; the inputs are followed by a one.
  public let inputFactor: Tensor<Float>

  /// The lower factor of *B*⁻¹ after Cholesky, `[row, column]`.
  public let outputFactor: Tensor<Float>

  /// Creates a posterior of factors that were measured before, and `nil` if they are none.
  public init?(inputFactor: Tensor<Float>, outputFactor: Tensor<Float>) {
    for factor in [inputFactor, outputFactor] {
      guard factor.rank == 2, factor.shape[0] == factor.shape[1], factor.count > 0,
        factor.elements.allSatisfy(\.isFinite),
        (0..<factor.shape[0]).allSatisfy({ factor.elements[$0 * (factor.shape[0] + 1)] > 0 })
      else { return nil }
    }
    self.inputFactor = inputFactor
    self.outputFactor = outputFactor
  }

  /// Creates the posterior that a curvature tells.
  ///
  /// - Parameters:
  ///   - curvature: The curvature.
  ///   - precision: The precision *τ* of the weights before anything was learned.
  /// - Precondition: The curvature was measured at some examples, and the precision is positive.
  public init(_ curvature: Curvature, precision: Double) {
    precondition(
      curvature.count > 0 && precision > 0,
      "a posterior needs examples and a positive precision")
    func damped(_ sums: [[Double]]) -> [[Double]] {
      sums.enumerated().map { index, row in
        var row = row.map { $0 / Double(curvature.count).squareRoot() }
        row[index] += precision.squareRoot()
        return row
      }
    }
    func tensor(_ rows: [[Double]]) -> Tensor<Float> {
      Tensor(rows.joined().map(Float.init), shape: [rows.count, rows.count])
    }
    inputFactor = tensor(choleskyFactor(of: damped(curvature.inputs)))
    let outputs = choleskyFactor(of: damped(curvature.outputs))
    outputFactor = tensor(choleskyFactor(of: inverse(ofFactor: outputs)))
  }

  /// Measures the curvature, and creates the posterior that it tells.
  ///
  /// - Parameters:
  ///   - inputs: What the layer saw of each example, `[example, input]`.
  ///   - probabilities: What the network said of each, `[example, class]`.
  ///   - precision: The precision *τ* of the weights before anything was learned.
  /// - Precondition: There is an example, probabilities for each, and the precision is positive.
  public init(inputs: Tensor<Float>, probabilities: Tensor<Float>, precision: Double) {
    var curvature = Curvature()
    curvature.add(inputs: inputs, probabilities: probabilities)
    self.init(curvature, precision: precision)
  }

  /// The number of inputs of the layer.
  public var inputCount: Int { inputFactor.shape[0] - 1 }

  /// The number of classes.
  public var classCount: Int { outputFactor.shape[0] }

  /// How much the scores of an input vary, as a factor to the covariance *B*⁻¹.
  public func variance(of input: some Collection<Float>) -> Double {
    // The squared length of the solution of L z = φ.
    var solution: [Double] = []
    var sum = 0.0
    let values = Array(input) + [1]
    precondition(values.count == inputFactor.shape[0], "an input of another layer")
    for (row, value) in values.enumerated() {
      let start = row * values.count
      var rest = Double(value)
      for column in 0..<row {
        rest -= Double(inputFactor.elements[start + column]) * solution[column]
      }
      solution.append(rest / Double(inputFactor.elements[start + row]))
      sum += solution[row] * solution[row]
    }
    return sum
  }

  /// Scores drawn around `scores`.
  ///
  /// - Parameters:
  ///   - scores: The scores under the learned weights.
  ///   - variance: The ``variance(of:)`` of the input.
  ///   - noise: A number from the standard normal distribution for each class.
  /// - Returns: The scores under other weights.
  public func draw(around scores: [Double], variance: Double, noise: [Double]) -> [Double] {
    scores.indices.map { row in
      let turn = (0...row).reduce(0.0) { sum, column in
        sum + Double(outputFactor.elements[row * classCount + column]) * noise[column]
      }
      return scores[row] + variance.squareRoot() * turn
    }
  }
}

extension KroneckerLaplace {
  /// The curvature of the loss around the weights of the last layer, summed over examples.
  public struct Curvature: Sendable {
    /// The examples at which it was measured.
    public private(set) var count = 0

    /// The sums of *φφ*ᵀ, of which the lower triangle is filled.
    fileprivate var inputs: [[Double]] = []

    /// The sums of diag *p* − *pp*ᵀ, of which the lower triangle is filled.
    fileprivate var outputs: [[Double]] = []

    /// Creates the curvature over no examples.
    public init() {}

    /// Adds examples.
    ///
    /// - Parameters:
    ///   - inputs: What the layer saw of each example, `[example, input]`.
    ///   - probabilities: What the network said of each, `[example, class]`.
    /// - Precondition: There are probabilities for each, and as many inputs and classes as before.
    public mutating func add(inputs: Tensor<Float>, probabilities: Tensor<Float>) {
      let (width, classes) = (inputs.shape[1], probabilities.shape[1])
      if count == 0 {
        self.inputs = Array(repeating: Array(repeating: 0, count: width + 1), count: width + 1)
        outputs = Array(repeating: Array(repeating: 0, count: classes), count: classes)
      }
      precondition(
        probabilities.shape[0] == inputs.shape[0] && self.inputs.count == width + 1
          && outputs.count == classes, "a curvature is that of one layer")
      let (features, answers) = (inputs.elements, probabilities.elements)
      for example in 0..<inputs.shape[0] {
        let row = features[example * width..<(example + 1) * width].map(Double.init) + [1]
        for i in row.indices where row[i] != 0 {
          for j in 0...i { self.inputs[i][j] += row[i] * row[j] }
        }
        let p = answers[example * classes..<(example + 1) * classes].map(Double.init)
        for i in 0..<classes {
          for j in 0...i { outputs[i][j] += (i == j ? p[i] : 0) - p[i] * p[j] }
        }
      }
      count += inputs.shape[0]
    }
  }
}

/// The lower triangular matrix whose product with its transpose is a positive definite matrix.
private func choleskyFactor(of matrix: [[Double]]) -> [[Double]] {
  var factor = matrix.map { $0.map { _ in 0.0 } }
  for row in matrix.indices {
    for column in 0...row {
      var rest = matrix[row][column]
      for k in 0..<column { rest -= factor[row][k] * factor[column][k] }
      factor[row][column] =
        row == column ? max(rest, 1e-12).squareRoot() : rest / factor[column][column]
    }
  }
  return factor
}

/// The inverse of the matrix with a Cholesky factor.
private func inverse(ofFactor factor: [[Double]]) -> [[Double]] {
  let count = factor.count
  var columns: [[Double]] = []
  for unit in 0..<count {
    var solution = [Double](repeating: 0, count: count)
    for row in 0..<count {
      var rest = row == unit ? 1.0 : 0
      for column in 0..<row { rest -= factor[row][column] * solution[column] }
      solution[row] = rest / factor[row][row]
    }
    for row in (0..<count).reversed() {
      var rest = solution[row]
      for column in row + 1..<count { rest -= factor[column][row] * solution[column] }
      solution[row] = rest / factor[row][row]
    }
    columns.append(solution)
  }
  return columns
}
