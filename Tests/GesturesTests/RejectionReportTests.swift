import Gestures
import Radar
import Simulation
import Testing

@Suite("Rejection report")
struct RejectionReportTests {
  private func prediction(_ unfamiliarity: Double, isUnknown: Bool = false) -> Prediction {
    Prediction(
      labels: ["a", "b"], probabilities: [0.9, 0.1], unfamiliarity: unfamiliarity,
      isUnknown: isUnknown)
  }

  @Test("The area under the curve is the share of pairs in the right order")
  func area() {
    var report = RejectionReport()
    for value in [0.1, 0.2, 0.5] { report.add(prediction(value), isKnown: true) }
    #expect(report.areaUnderCurve == nil)
    for value in [0.2, 0.9] {
      report.add(prediction(value, isUnknown: value > 0.5), isKnown: false)
    }
    // Of six pairs 0.9 wins three, 0.2 wins one and ties one.
    #expect(report.areaUnderCurve == 4.5 / 6)
    #expect(report.rejectedShareOfKnown == 0 && report.rejectedShareOfUnknown == 0.5)
    var both = RejectionReport()
    both.add(report)
    #expect(both.areaUnderCurve == report.areaUnderCurve && both.unknownCount == 2)
  }

  @Test("The operating points go from rejecting nothing to everything, and enclose the same area")
  func operatingPoints() {
    var report = RejectionReport()
    for value in [0.1, 0.2, 0.5] { report.add(prediction(value), isKnown: true) }
    #expect(report.operatingPoints.isEmpty)
    for value in [0.2, 0.9] { report.add(prediction(value), isKnown: false) }
    let points = report.operatingPoints.map { [$0.falsePositiveRate, $0.truePositiveRate] }
    #expect(points == [[0, 0], [0, 0.5], [1.0 / 3, 0.5], [2.0 / 3, 1], [1, 1]])
    let area = zip(points, points.dropFirst()).reduce(0.0) { sum, pair in
      sum + (pair.1[0] - pair.0[0]) * (pair.1[1] + pair.0[1]) / 2
    }
    #expect(abs(area - (report.areaUnderCurve ?? 0)) < 1e-12)
  }

  @Test("Risk falls where only the surest answers are given")
  func risk() {
    var report = RejectionReport()
    for (confidence, isRight) in [(0.6, false), (0.9, true), (0.9, true), (0.8, true)] {
      let answer = Prediction(
        labels: ["a", "b"], probabilities: [confidence, 1 - confidence], unfamiliarity: 0,
        isUnknown: false)
      report.add(answer, isKnown: true, isRight: isRight)
    }
    let points = report.riskCoverage.map { [$0.coverage, $0.risk] }
    #expect(points == [[0.5, 0], [0.75, 0], [1, 0.25]])
  }

  @Test("A class that is left out is unknown to its model, and the others are judged as well")
  func classes() throws {
    let people = simulatedPeople(12, gestures: [.push, .pull, .tap])
    var trainer = GestureTrainer()
    trainer.epochs = 1
    trainer.validationFraction = 0
    let result = try CrossValidation(split: .label, trainer: trainer).evaluate(people)
    let labels = people.flatMap { $0.annotations.map(\.label) }
    #expect(result.folds.map(\.name) == Set(labels).sorted() && result.folds.count == 3)
    for fold in result.folds {
      let rejection = fold.evaluation.rejection
      #expect(rejection.unknownCount == labels.count { $0 == fold.name })
      #expect(rejection.areaUnderCurve != nil && fold.evaluation.classification.count > 0)
      let index = result.total.classification.labels.firstIndex(of: fold.name)
      #expect(index.map { fold.evaluation.classification.support(ofClass: $0) } == 0)
    }
  }

  @Test("What few gestures cannot promise is promised by sets of all classes")
  func fewGestures() {
    func limit(_ count: Int, _ coverage: Double) -> Double? {
      let answers = (0..<count).map { index in
        Calibration.HeldOut(scores: [Float(index) / 10, 0], truth: 0)
      }
      return Calibration(of: answers, candidates: [0, 1]).nonconformityLimit(coverage: coverage)
    }
    #expect(limit(0, 0.95) == nil)
    // The rank of the quantile is ⌈(n + 1) · 0.95⌉: with 18 gestures it lies beyond all of them.
    #expect(limit(18, 0.95) == 1)
    let nineteen = limit(19, 0.95) ?? 1
    #expect(nineteen >= 0.5 && nineteen < 1)
    for count in [5, 19, 300] { #expect(limit(count, 1) == 1) }
    // Of 99 gestures each is a percentile, and none lies between two of them.
    #expect(limit(99, 0.55) == limit(99, 0.545) && limit(99, 0.55) != limit(99, 0.555))
  }

  @Test("Coverage is the share of sets that hold the true class")
  func coverage() {
    var report = RejectionReport()
    #expect(report.measuredCoverage == nil && report.meanSetSize == nil)
    for (holds, size) in [(true, 1), (true, 2), (false, 0), (true, 1)] {
      report.add(prediction(0), isKnown: true, coverage: (holds, size))
    }
    #expect(report.measuredCoverage == 0.75 && report.meanSetSize == 1)
  }

  @Test("What is rejected answers unknown, and is no event to act upon")
  func unknown() {
    let event = GestureEvent(start: 0, end: 1, prediction: prediction(9, isUnknown: true))
    #expect(event.label == Prediction.unknownLabel && event.prediction.label == "a")
    var report = EventReport()
    report.add(
      [event], annotations: [Annotation(label: "a", start: 0, end: 1)], seconds: 10, isQuiet: false)
    #expect(report.falseAlarms == 0 && report.misses == 1)
    report.add(
      [GestureEvent(start: 0, end: 1, prediction: prediction(0))], annotations: [], seconds: 1800,
      isQuiet: true)
    #expect(report.quiet.falseAlarms == 1 && report.quiet.falseAlarmsPerHour == 2)
  }

  @Test("Sets that shall hold the truth more often hold no fewer classes")
  func sets() throws {
    let people = simulatedPeople(4)
    let grid = try FeatureGrid.fitting(people, steps: 16, velocityBins: 8)
    let sequences = try LabelledSequence.read(people, grid: grid)
    var trainer = GestureTrainer()
    trainer.epochs = 2
    for fraction in [0, 0.5] {
      trainer.validationFraction = fraction
      let outcome = try trainer.train(
        on: sequences, waveforms: WaveformFamily(of: people.map(\.waveform)))
      #expect((outcome.validationAccuracy == nil) == (fraction == 0))
      let labels = outcome.model.labels
      let even = Prediction(
        labels: labels, probabilities: labels.map { _ in 1 / Double(labels.count) })
      let sets = [0.1, 0.5, 0.9, 1].map { outcome.model.conformalSet(of: even, coverage: $0) }
      #expect(sets.allSatisfy { ($0 == nil) == (fraction == 0) })
      let sizes = sets.compactMap { $0?.count }
      #expect(sizes == sizes.sorted())
    }
  }
}
