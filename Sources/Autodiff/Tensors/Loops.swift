internal import RealModule

// The loops over elements. They are inlined into the conformances of `Float` and `Double`, and so
// compiled for each of them.

@inline(__always)
func mapping<Scalar: Real>(_ a: [Scalar], _ transform: (Scalar) -> Scalar) -> [Scalar] {
  var result = a
  for index in result.indices { result[index] = transform(result[index]) }
  return result
}

@inline(__always)
func mapLoop<Scalar: Real & BinaryFloatingPoint>(
  _ operation: ElementwiseOperation, _ a: [Scalar]
) -> [Scalar] {
  switch operation {
  case .negate: mapping(a) { -$0 }
  case .exponential: mapping(a) { .exp($0) }
  case .logarithm: mapping(a) { .log($0) }
  case .squareRoot: mapping(a) { .sqrt($0) }
  case .hyperbolicTangent: mapping(a) { .tanh($0) }
  case .sigmoid: mapping(a) { 1 / (1 + .exp(-$0)) }
  case .reciprocal: mapping(a) { 1 / $0 }
  case .rectify: mapping(a) { max($0, 0) }
  case .isPositive: mapping(a) { $0 > 0 ? 1 : 0 }
  }
}

@inline(__always)
func combineLoop<Scalar: Real & BinaryFloatingPoint>(
  _ operation: PairwiseOperation, _ a: [Scalar], _ aShape: [Int], _ b: [Scalar], _ bShape: [Int],
  into shape: [Int]
) -> [Scalar] {
  switch operation {
  case .add: combining(a, aShape, b, bShape, into: shape) { $0 + $1 }
  case .subtract: combining(a, aShape, b, bShape, into: shape) { $0 - $1 }
  case .multiply: combining(a, aShape, b, bShape, into: shape) { $0 * $1 }
  case .divide: combining(a, aShape, b, bShape, into: shape) { $0 / $1 }
  case .maximum: combining(a, aShape, b, bShape, into: shape) { max($0, $1) }
  }
}

/// Combines equal shapes element by element, and others row by row.
@inline(__always)
private func combining<Scalar: Real>(
  _ a: [Scalar], _ aShape: [Int], _ b: [Scalar], _ bShape: [Int], into shape: [Int],
  _ transform: (Scalar, Scalar) -> Scalar
) -> [Scalar] {
  if aShape == bShape {
    var result = a
    for index in result.indices { result[index] = transform(result[index], b[index]) }
    return result
  }
  let count = shape.reduce(1, *)
  if b.count == 1 {
    let value = b[0]
    var result = a
    if a.count == count {
      for index in result.indices { result[index] = transform(result[index], value) }
      return result
    }
  }
  if a.count == count, aShape.count >= bShape.count, Array(aShape.suffix(bShape.count)) == bShape,
    !b.isEmpty
  {
    var result = a
    for row in stride(from: 0, to: count, by: b.count) {
      for index in b.indices { result[row + index] = transform(result[row + index], b[index]) }
    }
    return result
  }
  let aStrides = broadcastStrides(of: aShape, in: shape)
  let bStrides = broadcastStrides(of: bShape, in: shape)
  let inner = shape.last ?? 1
  let aStep = aStrides.last ?? 0
  let bStep = bStrides.last ?? 0
  var result: [Scalar] = []
  result.reserveCapacity(count)
  var position = [Int](repeating: 0, count: max(shape.count - 1, 0))
  while result.count < count {
    var aStart = 0
    var bStart = 0
    for axis in position.indices {
      aStart += position[axis] * aStrides[axis]
      bStart += position[axis] * bStrides[axis]
    }
    for index in 0..<inner {
      result.append(transform(a[aStart + index * aStep], b[bStart + index * bStep]))
    }
    for axis in position.indices.reversed() {
      position[axis] += 1
      if position[axis] < shape[axis] { break }
      position[axis] = 0
    }
  }
  return result
}

/// The strides of a row-major array as it repeats itself over a larger shape.
private func broadcastStrides(of source: [Int], in shape: [Int]) -> [Int] {
  var strides = [Int](repeating: 0, count: shape.count)
  var step = 1
  let lead = shape.count - source.count
  for axis in source.indices.reversed() {
    strides[lead + axis] = source[axis] == 1 ? 0 : step
    step *= source[axis]
  }
  return strides
}

@inline(__always)
func sumLoop<Scalar: Real>(_ a: [Scalar], outer: Int, count: Int, inner: Int) -> [Scalar] {
  var sums = [Scalar](repeating: 0, count: outer * inner)
  for block in 0..<outer {
    for row in 0..<count {
      let start = (block * count + row) * inner
      for index in 0..<inner { sums[block * inner + index] += a[start + index] }
    }
  }
  return sums
}

extension Float {
  /// Applies `operation` to every element.
  public static func _map(_ operation: ElementwiseOperation, _ a: [Float]) -> [Float] {
    mapLoop(operation, a)
  }

  /// Combines elements of two arrays whose shapes broadcast to `shape`.
  public static func _combine(
    _ operation: PairwiseOperation, _ a: [Float], _ aShape: [Int], _ b: [Float], _ bShape: [Int],
    into shape: [Int]
  ) -> [Float] {
    combineLoop(operation, a, aShape, b, bShape, into: shape)
  }

  /// Sums `[outer, count, inner]` over the middle axis.
  public static func _sum(_ a: [Float], outer: Int, count: Int, inner: Int) -> [Float] {
    sumLoop(a, outer: outer, count: count, inner: inner)
  }
}

extension Double {
  /// Applies `operation` to every element.
  public static func _map(_ operation: ElementwiseOperation, _ a: [Double]) -> [Double] {
    mapLoop(operation, a)
  }

  /// Combines elements of two arrays whose shapes broadcast to `shape`.
  public static func _combine(
    _ operation: PairwiseOperation, _ a: [Double], _ aShape: [Int], _ b: [Double], _ bShape: [Int],
    into shape: [Int]
  ) -> [Double] {
    combineLoop(operation, a, aShape, b, bShape, into: shape)
  }

  /// Sums `[outer, count, inner]` over the middle axis.
  public static func _sum(_ a: [Double], outer: Int, count: Int, inner: Int) -> [Double] {
    sumLoop(a, outer: outer, count: count, inner: inner)
  }
}
