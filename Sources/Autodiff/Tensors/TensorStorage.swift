/// Where the elements of a tensor are: in an array that somebody made, or in memory that is used
/// again, which the kernels write to.
enum TensorStorage<Scalar: TensorScalar>: Sendable {
  case array([Scalar])
  case pooled(PooledMemory<Scalar>)

  /// The elements, which are copied once out of pooled memory.
  var elements: [Scalar] {
    switch self {
    case .array(let elements): elements
    case .pooled(let memory): memory.elements
    }
  }

  /// The number of elements.
  var count: Int {
    switch self {
    case .array(let elements): elements.count
    case .pooled(let memory): memory.count
    }
  }
}

extension Tensor {
  /// Creates a tensor in pooled memory.
  ///
  /// - Parameters:
  ///   - shape: The number of elements along each axis.
  ///   - fill: Writes every element.
  init(pooled shape: [Int], _ fill: (UnsafeMutablePointer<Scalar>) -> Void) {
    let memory = unsafe PooledMemory<Scalar>(count: shape.reduce(1, *), fill)
    self.init(storage: .pooled(memory), shape: shape, node: nil)
  }

  /// Calls `body` with the address of the first element, which is `nil` if there is none.
  func withPointer<Result>(_ body: (UnsafePointer<Scalar>?) -> Result) -> Result {
    switch storage {
    case .array(let elements):
      unsafe elements.withUnsafeBufferPointer { unsafe body($0.baseAddress) }
    case .pooled(let memory): unsafe memory.withPointer { unsafe body($0) }
    }
  }

  /// The same elements in another shape and without a past.
  func relabelled(_ shape: [Int]) -> Tensor { Tensor(storage: storage, shape: shape, node: nil) }
}
