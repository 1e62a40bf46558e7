/// What the answers of a model cost.
public struct AnswerCost: Sendable {
  private var time = Duration.zero

  /// The answers that were given.
  public private(set) var answers = 0

  /// The numbers that a model has learned, the most of those that answered.
  public private(set) var parameterCount = 0

  /// Creates the cost of no answers.
  public init() {}

  /// The time that an answer took, without reading and features, in microseconds.
  public var microsecondsPerAnswer: Double { time / .microseconds(max(answers, 1)) }

  /// Measures the time that some answers take.
  ///
  /// - Parameters:
  ///   - count: The answers.
  ///   - parameterCount: The numbers that the model has learned.
  ///   - answer: Gives the answers.
  /// - Returns: The answers.
  mutating func measure<Answers>(
    _ count: Int, parameterCount: Int, _ answer: () -> Answers
  ) -> Answers {
    let start = ContinuousClock.now
    let result = answer()
    time += ContinuousClock.now - start
    answers += count
    self.parameterCount = max(self.parameterCount, parameterCount)
    return result
  }

  /// Adds the cost of other answers.
  mutating func add(_ other: AnswerCost) {
    time += other.time
    answers += other.answers
    parameterCount = max(parameterCount, other.parameterCount)
  }
}
