import Foundation
import Gestures
import Testing

@Suite("Classification report")
struct ClassificationReportTests {
  private func prediction(_ probability: Double) -> Prediction {
    Prediction(labels: ["a", "b"], probabilities: [probability, 1 - probability])
  }

  @Test("Figures agree with those worked out by hand")
  func figures() {
    // Four gestures a, of which three are found, and two b, of which one is.
    var report = ClassificationReport(labels: ["a", "b"], calibrationBins: 10)
    for probability in [0.95, 0.85, 0.75, 0.35] { report.add(prediction(probability), truth: "a") }
    for probability in [0.15, 0.65] { report.add(prediction(probability), truth: "b") }
    #expect(report.confusion == [[3, 1], [1, 1]])
    #expect(report.count == 6)
    #expect(abs(report.accuracy - 4.0 / 6) < 1e-12)
    #expect(abs(report.precision(ofClass: 0) - 0.75) < 1e-12)
    #expect(abs(report.recall(ofClass: 1) - 0.5) < 1e-12)
    #expect(abs(report.f1(ofClass: 0) - 0.75) < 1e-12)
    #expect(abs(report.macroF1 - 0.625) < 1e-12)
    let likelihoods = [0.95, 0.85, 0.75, 0.35, 0.85, 0.35]
    let loss = -likelihoods.map { log($0) }.reduce(0, +) / 6
    #expect(abs(report.negativeLogLikelihood - loss) < 1e-9)
    let squares = likelihoods.map { (log($0) + loss) * (log($0) + loss) }.reduce(0, +)
    #expect(abs(report.negativeLogLikelihoodError - (squares / 5 / 6).squareRoot()) < 1e-9)
    // Bins: 0.6–0.7 holds 0.65 (×2, both wrong), 0.7–0.8 0.75, 0.8–0.9 0.85 (×2), 0.9–1 0.95.
    let error = (2 * 0.65 + 0.25 + 2 * 0.15 + 0.05) / 6
    #expect(abs(report.expectedCalibrationError - error) < 1e-9)
  }

  @Test("The interval is Wilson's")
  func interval() {
    var report = ClassificationReport(labels: ["a", "b"])
    for _ in 0..<9 { report.add(prediction(0.9), truth: "a") }
    report.add(prediction(0.9), truth: "b")
    // Nine of ten, from the published formula: 0.5958 to 0.9821.
    #expect(abs(report.accuracyInterval.lowerBound - 0.5958) < 1e-4)
    #expect(abs(report.accuracyInterval.upperBound - 0.9821) < 1e-4)
  }

  @Test("A report of nothing has no undefined figures")
  func empty() {
    let report = ClassificationReport(labels: ["a"])
    #expect(report.accuracy == 0 && report.macroF1 == 0)
    #expect(report.negativeLogLikelihoodError == 0)
    #expect(report.negativeLogLikelihood == 0 && report.expectedCalibrationError == 0)
  }
}
