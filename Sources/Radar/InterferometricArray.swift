internal import RealModule

/// Pairs of receivers close enough to tell direction from the difference of their phases.
///
/// An echo from direction cosines (*u*, *v*) reaches a receiver at (*x*, *y*) with a phase of
/// −2π(*xu* + *yv*)/*λ* against one at the origin. Pairs no further apart than 0.6 wavelengths
/// measure it without ambiguity over the half space in front, and pairs with the same baseline are
/// summed before the phase is taken.
struct InterferometricArray: Hashable, Sendable {
  /// Receivers whose baselines are equal.
  struct Baseline: Hashable, Sendable {
    var vector: SIMD2<Double>
    var pairs: [SIMD2<Int>]
  }

  let baselines: [Baseline]

  /// Direction cosine per radian of each baseline, `[axis][baseline]`, by least squares.
  private let solution: [[Float]]

  init(positions: [SIMD2<Double>], wavelength: Double) {
    var baselines: [Baseline] = []
    for second in positions.indices {
      for first in 0..<second {
        let vector = (positions[second] - positions[first]) / wavelength
        guard (vector * vector).sum() <= 0.6 * 0.6, vector != .zero else { continue }
        let pair = SIMD2(first, second)
        let known = baselines.firstIndex { baseline in
          let difference = baseline.vector - vector
          return (difference * difference).sum() < 1e-6
        }
        if let known {
          baselines[known].pairs.append(pair)
        } else {
          baselines.append(Baseline(vector: vector, pairs: [pair]))
        }
      }
    }
    self.baselines = baselines

    // The normal equations of two unknowns; an axis along which no receiver stands stays zero.
    let xx = baselines.map { $0.vector.x * $0.vector.x }.reduce(0, +)
    let yy = baselines.map { $0.vector.y * $0.vector.y }.reduce(0, +)
    let xy = baselines.map { $0.vector.x * $0.vector.y }.reduce(0, +)
    let determinant = xx * yy - xy * xy
    let scale = -1 / (2 * Double.pi)
    if determinant > 1e-4 {
      solution = [
        baselines.map { Float(scale * (yy * $0.vector.x - xy * $0.vector.y) / determinant) },
        baselines.map { Float(scale * (xx * $0.vector.y - xy * $0.vector.x) / determinant) },
      ]
    } else if xx > 1e-4 || yy > 1e-4 {
      solution = [
        baselines.map { xx > 1e-4 ? Float(scale * $0.vector.x / xx) : 0 },
        baselines.map { yy > 1e-4 ? Float(scale * $0.vector.y / yy) : 0 },
      ]
    } else {
      solution = [[], []]
    }
  }

  /// Whether the receivers tell left from right, and down from up.
  var resolves: (horizontal: Bool, vertical: Bool) {
    (solution[0].contains { $0 != 0 }, solution[1].contains { $0 != 0 })
  }

  /// The direction cosine along `axis` (0 to the right, 1 up) from the phases of the baselines.
  func directionCosine(axis: Int, phases: [Float]) -> Float {
    var cosine: Float = 0
    for index in phases.indices { cosine += solution[axis][index] * phases[index] }
    return min(max(cosine, -1), 1)
  }
}
