internal import RealModule

/// How well the predictions of gestures whose names are known agree with them.
public struct ClassificationReport: Sendable {
  /// The names of the classes.
  public let labels: [String]

  /// How often each class was taken for each other, `[truth][prediction]`.
  public private(set) var confusion: [[Int]]

  /// The sums of the logarithms of the probabilities of the true classes, and of their squares.
  private var logLikelihood = (sum: 0.0, squares: 0.0)

  /// The reliability diagram: how often the predictions of equally wide bins of confidence are right.
  public private(set) var reliability: [ReliabilityBin]

  /// The predictions whose confidence falls into one bin.
  public struct ReliabilityBin: Sendable {
    /// The number of predictions.
    public internal(set) var count = 0

    /// The sum of their confidences.
    var confidence = 0.0

    /// The number of those that are right.
    var correct = 0

    /// The mean confidence, and zero without predictions.
    public var meanConfidence: Double { count > 0 ? confidence / Double(count) : 0 }

    /// The share of predictions that are right, and zero without predictions.
    public var accuracy: Double { count > 0 ? Double(correct) / Double(count) : 0 }
  }

  /// Creates a report of no predictions.
  public init(labels: [String], calibrationBins: Int = 15) {
    self.labels = labels
    confusion = labels.map { _ in labels.map { _ in 0 } }
    reliability = Array(repeating: ReliabilityBin(), count: calibrationBins)
  }

  /// Adds the prediction of a gesture whose name is `truth`.
  ///
  /// A name that is not among ``labels`` counts for nothing.
  public mutating func add(_ prediction: Prediction, truth: String) {
    guard let row = labels.firstIndex(of: truth),
      let column = labels.firstIndex(of: prediction.label)
    else { return }
    confusion[row][column] += 1
    let logarithm = Double.log(max(prediction.probabilities[truth] ?? 0, 1e-12))
    logLikelihood.sum += logarithm
    logLikelihood.squares += logarithm * logarithm
    let bin = min(Int(prediction.confidence * Double(reliability.count)), reliability.count - 1)
    reliability[bin].count += 1
    reliability[bin].confidence += prediction.confidence
    reliability[bin].correct += row == column ? 1 : 0
  }

  /// Adds everything in another report on the same classes.
  ///
  /// - Precondition: Both have the same labels and calibration bins.
  public mutating func add(_ other: ClassificationReport) {
    precondition(
      labels == other.labels && reliability.count == other.reliability.count,
      "reports on different classes do not add up")
    for row in labels.indices {
      for column in labels.indices { confusion[row][column] += other.confusion[row][column] }
    }
    logLikelihood.sum += other.logLikelihood.sum
    logLikelihood.squares += other.logLikelihood.squares
    for index in reliability.indices {
      reliability[index].count += other.reliability[index].count
      reliability[index].confidence += other.reliability[index].confidence
      reliability[index].correct += other.reliability[index].correct
    }
  }
}

// MARK: - Figures

extension ClassificationReport {
  /// The number of predictions.
  public var count: Int { confusion.joined().reduce(0, +) }

  /// The share of predictions that are right, and zero without predictions.
  public var accuracy: Double {
    ratio(labels.indices.map { confusion[$0][$0] }.reduce(0, +), count)
  }

  /// The interval that holds the true accuracy with a probability of 95 %, after Wilson (1927).
  public var accuracyInterval: ClosedRange<Double> {
    wilsonInterval(share: accuracy, count: Double(count))
  }

  /// The share of predictions of a class that are right.
  public func precision(ofClass index: Int) -> Double {
    ratio(confusion[index][index], labels.indices.map { confusion[$0][index] }.reduce(0, +))
  }

  /// The share of gestures of a class that were found.
  public func recall(ofClass index: Int) -> Double {
    ratio(confusion[index][index], support(ofClass: index))
  }

  /// The harmonic mean of precision and recall of a class.
  public func f1(ofClass index: Int) -> Double {
    let hits = 2 * confusion[index][index]
    let predicted = labels.indices.map { confusion[$0][index] }.reduce(0, +)
    return ratio(hits, predicted + support(ofClass: index))
  }

  /// The gestures of a class.
  public func support(ofClass index: Int) -> Int { confusion[index].reduce(0, +) }

  /// The mean of the F1 of all classes that occur.
  public var macroF1: Double {
    let present = labels.indices.filter { support(ofClass: $0) > 0 }
    guard !present.isEmpty else { return 0 }
    return present.map { f1(ofClass: $0) }.reduce(0, +) / Double(present.count)
  }

  /// The mean of −log *p* of the true class, *p* being the probability it was given.
  public var negativeLogLikelihood: Double {
    count > 0 ? -logLikelihood.sum / Double(count) : 0
  }

  /// The standard error of ``negativeLogLikelihood``, and zero with fewer than two predictions.
  ///
  /// A few gestures that were named wrong are most of that mean, so it is less certain than it looks.
  public var negativeLogLikelihoodError: Double {
    guard count > 1 else { return 0 }
    let mean = logLikelihood.sum / Double(count)
    let variance = max(logLikelihood.squares / Double(count) - mean * mean, 0)
    return (variance / Double(count - 1)).squareRoot()
  }

  /// The expected calibration error: how far confidence lies from accuracy, averaged over bins of
  /// confidence by the predictions in them (Naeini et al., 2015).
  public var expectedCalibrationError: Double {
    guard count > 0 else { return 0 }
    return reliability.map { abs($0.confidence - Double($0.correct)) }.reduce(0, +)
      / Double(count)
  }
}

/// One count over another, and zero over zero.
private func ratio(_ numerator: Int, _ denominator: Int) -> Double {
  denominator > 0 ? Double(numerator) / Double(denominator) : 0
}
