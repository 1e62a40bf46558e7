internal import RealModule

/// The temperature under which held-out answers are most probable (Guo et al., 2017).
///
/// As in Platt's method (1999) the targets are not quite one, so that a model that makes no mistake on
/// few gestures is not told to be certain.
struct TemperatureFit {
  /// The number by which logarithms of probabilities are divided.
  let temperature: Double

  /// The mean over the answers of minus the logarithm of the probability of such targets.
  let loss: Double

  /// Answers to judge a temperature by: the logarithms of the probabilities of the classes, up to a
  /// constant, and the true class.
  typealias Answers = [(logarithms: [Double], truth: Int)]

  /// Searches by golden sections, and finds one if there are no answers.
  init(to answers: Answers) {
    let golden = (5.squareRoot() - 1) / 2
    var (low, high) = (Double.log(0.1), Double.log(10))
    for _ in 0..<40 {
      let (left, right) = (high - golden * (high - low), low + golden * (high - low))
      if Self.loss(of: answers, at: .exp(left)) < Self.loss(of: answers, at: .exp(right)) {
        high = right
      } else {
        low = left
      }
    }
    temperature = answers.isEmpty ? 1 : .exp((low + high) / 2)
    loss = Self.loss(of: answers, at: temperature)
  }

  /// Takes the best of some temperatures, and one if there are no answers.
  init(to answers: Answers, among temperatures: [Double]) {
    let losses = temperatures.map { Self.loss(of: answers, at: $0) }
    let best = losses.indices.min { losses[$0] < losses[$1] }
    temperature = answers.isEmpty ? 1 : best.map { temperatures[$0] } ?? 1
    loss = Self.loss(of: answers, at: temperature)
  }

  private static func loss(of answers: Answers, at temperature: Double) -> Double {
    let smoothing = 1 / Double(answers.count + 2)
    let sum = answers.reduce(0.0) { sum, answer in
      // Not bounded from below, so that there is one lowest place, which a search finds.
      let scores = answer.logarithms.map { $0 / temperature }
      let greatest = scores.max() ?? 0
      let whole = greatest + .log(scores.reduce(0) { $0 + .exp($1 - greatest) })
      return scores.enumerated().reduce(sum) { sum, item in
        let share = smoothing / Double(scores.count)
        let target = (item.offset == answer.truth ? 1 - smoothing : 0) + share
        return sum + target * (whole - item.element)
      }
    }
    return sum / Double(max(answers.count, 1))
  }
}

/// The probabilities that scores stand for.
func softmax(_ scores: ArraySlice<Double>) -> [Double] {
  let greatest = scores.max() ?? 0
  let powers = scores.map { Double.exp($0 - greatest) }
  let sum = powers.reduce(0, +)
  return powers.map { $0 / sum }
}

/// The probabilities that the scores of the classes `candidates` stand for.
func softmax(_ scores: [Float], over candidates: [Int], temperature: Double) -> [Double] {
  softmax(candidates.map { Double(scores[$0]) / temperature }[...])
}
