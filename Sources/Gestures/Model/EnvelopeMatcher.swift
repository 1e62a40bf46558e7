package import Autodiff
internal import RealModule

/// The cheap baseline that every network should beat: the class of the nearest envelope.
///
/// The envelopes of a window are the greatest velocities at which something approaches and recedes
/// at each moment. Envelopes are compared by the sum of their absolute differences, so that small but
/// telling ones count (Amin, Zeng and Shan, 2019).
package struct EnvelopeMatcher: ParameterContainer, Sendable {
  /// The envelopes seen, `[example, envelope]`.
  private(set) var examples: Tensor<Float>

  /// The class of each of them.
  private(set) var classes: Tensor<Float>

  /// The level above which an echo counts, and the distance that makes a score of minus one.
  private(set) var settings: Tensor<Float>

  private let classCount: Int
  private let grid: FeatureGrid

  /// The most envelopes that are remembered.
  static let mostExamples = 4096

  /// The score of a class of which nothing was seen.
  private static let impossible: Float = -100

  /// Creates a matcher for `count` envelopes that are all zero.
  package init(grid: FeatureGrid, classes: Int, count: Int = 0) {
    self.grid = grid
    classCount = classes
    examples = Tensor(zeros: [count, 2 * grid.steps])
    self.classes = Tensor(zeros: [count])
    settings = Tensor([0.5, 0.05], shape: [2])
  }

  package mutating func visitParameters(_ body: (String, inout Tensor<Float>) -> Void) {
    body("examples", &examples)
    body("classes", &classes)
    body("settings", &settings)
  }

  /// Whether every envelope has a class, and distances a scale.
  package var isSound: Bool {
    settings.elements[1] > 0
      && classes.elements.allSatisfy {
        $0 >= 0 && $0 < Float(classCount) && $0 == $0.rounded(.down)
      }
  }

  /// Learns windows by heart, and how loud an echo must be and how near is near, by what each of them
  /// would be called by the others.
  ///
  /// - Precondition: Every window has a class.
  package mutating func learn(_ windows: [[Float]], classes labels: [Int]) {
    precondition(windows.count == labels.count, "every window needs a class")
    classes = Tensor(labels.map { Float($0) }, shape: [labels.count])
    // As many judge as can be waited for.
    let judged = stride(from: 0, to: windows.count, by: max(windows.count / 500, 1))
    var best: (right: Int, level: Float, distances: [[Float]])?
    for level: Float in [0.1, 0.25, 0.5, 0.75, 1, 1.5, 2] {
      settings = Tensor([level, 1], shape: [2])
      let envelopes = windows.map { self.envelopes(of: $0) }
      examples = Tensor(Array(envelopes.joined()), shape: [windows.count, 2 * grid.steps])
      let distances = judged.map { self.distances(to: envelopes[$0], except: $0) }
      let right = zip(judged, distances).count { index, distances in
        distances.indices.min { distances[$0] < distances[$1] } == labels[index]
      }
      if right > best?.right ?? -1 { best = (right, level, distances) }
    }
    guard let best else { return }
    settings = Tensor([best.level, 1], shape: [2])
    let envelopes = windows.flatMap { self.envelopes(of: $0) }
    examples = Tensor(envelopes, shape: [windows.count, 2 * grid.steps])
    let scale = Self.scale(of: best.distances, truths: judged.map { labels[$0] })
    settings = Tensor([best.level, scale], shape: [2])
  }

  /// The distance to be divided by that makes the true classes most probable.
  private static func scale(of distances: [[Float]], truths: [Int]) -> Float {
    let candidates = (0...40).map { Float.exp(-8 + 0.2 * Float($0)) }
    func loss(_ scale: Float) -> Double {
      zip(distances, truths).reduce(0) { sum, pair in
        let scores = pair.0.map { max(-$0 / scale, impossible) }
        let probability = softmax(scores, over: Array(scores.indices), temperature: 1)[pair.1]
        return sum - .log(max(probability, 1e-12))
      }
    }
    return candidates.map { ($0, loss($0)) }.min { $0.1 < $1.1 }?.0 ?? 1
  }

  /// The scores of each class for `windows` of shape `[window, step, velocityBin, channel]`: minus the
  /// distance to the nearest envelope of the class.
  package func scores(of windows: Tensor<Float>) -> Tensor<Float> {
    let count = windows.shape[0]
    let size = windows.count / max(count, 1)
    let elements = windows.elements
    let scale = settings.elements[1]
    let scores = (0..<count).flatMap { window in
      distances(to: envelopes(of: Array(elements[window * size..<(window + 1) * size])))
        .map { max(-$0 / scale, Self.impossible) }
    }
    return Tensor(scores, shape: [count, classCount])
  }

  /// The distance from `envelope` to the nearest of each class, and infinity where there is none.
  private func distances(to envelope: [Float], except left: Int? = nil) -> [Float] {
    let width = envelope.count
    let (known, labels) = (examples.elements, classes.elements)
    var nearest = [Float](repeating: .infinity, count: classCount)
    for index in labels.indices where index != left {
      var sum: Float = 0
      for place in 0..<width { sum += abs(known[index * width + place] - envelope[place]) }
      let label = Int(labels[index])
      nearest[label] = min(nearest[label], sum / Float(width))
    }
    return nearest
  }

  /// The greatest velocities of a window at each step, first away from the radar, then towards it, as
  /// shares of the greatest that there can be.
  package func envelopes(of window: [Float]) -> [Float] {
    let (bins, channels) = (grid.velocityBins, grid.channels)
    let threshold = settings.elements[0]
    var envelopes = [Float](repeating: 0, count: 2 * grid.steps)
    for step in 0..<grid.steps {
      func level(_ bin: Int) -> Float { window[(step * bins + bin) * channels] }
      for side in 0..<2 {
        // From the edge inwards, to the first bin that is loud enough.
        for distance in 0..<bins / 2 {
          let bin = side == 0 ? bins - 1 - distance : distance
          let inner = level(bin)
          guard inner >= threshold else { continue }
          let outer = distance == 0 ? 0 : level(side == 0 ? bin + 1 : bin - 1)
          // Between this bin and the next one the level falls evenly.
          let rest = distance == 0 ? 0.5 : (inner - threshold) / max(inner - outer, 1e-6)
          let position = Float(bins / 2 - distance) - 0.5 + rest
          envelopes[side * grid.steps + step] = position / Float(bins / 2)
          break
        }
      }
    }
    return envelopes
  }
}
