import Gestures
import Radar
import Testing

@Suite("The choice of when to tell an event")
struct DetectionChoiceTests {
  /// A report of so many gestures found and missed, and of false alarms among them and in an hour in
  /// which nobody makes any.
  private func report(hits: Int, misses: Int, falseAlarms: Int, quiet: Int = 0) -> EventReport {
    func event(at time: Int) -> GestureEvent {
      GestureEvent(
        start: Double(time), end: Double(time) + 0.5,
        prediction: Prediction(labels: ["push"], probabilities: [1]))
    }
    var report = EventReport()
    report.add(
      (0..<hits).map { event(at: $0) } + (0..<falseAlarms).map { event(at: 1000 + $0) },
      annotations: (0..<hits + misses).map {
        Annotation(label: "push", start: Double($0), end: Double($0) + 0.4)
      }, seconds: 3600)
    report.add((0..<quiet).map { event(at: $0) }, annotations: [], seconds: 3600, isQuiet: true)
    return report
  }

  private let bold = EventDetector.Settings(
    confidence: 0.9, fewestWindows: 2, vigour: nil, refractory: nil)
  private let cautious = EventDetector.Settings(
    confidence: 0.3, fewestWindows: 2, vigour: 8, refractory: nil)

  private func choice(_ bold: EventReport, _ cautious: EventReport) -> DetectionChoice {
    DetectionChoice(among: [self.bold, self.cautious]) { $0 == self.bold ? bold : cautious }
  }

  @Test("Of settings that cannot be told apart those are chosen that ask for vigour, and no others")
  func oneStandardError() {
    // With 100 gestures and 16 errors, one standard error of the F1 is 4 / 216, which is what some four
    // errors more are.
    let best = report(hits: 100, misses: 8, falseAlarms: 8)
    #expect(choice(best, report(hits: 99, misses: 9, falseAlarms: 9)).best() == cautious)
    #expect(choice(best, report(hits: 95, misses: 13, falseAlarms: 8)).best() == bold)
    // With a hundred times as many, a hundredth of that is no chance.
    let many = report(hits: 1000, misses: 80, falseAlarms: 80)
    #expect(choice(many, report(hits: 980, misses: 100, falseAlarms: 80)).best() == bold)
    // Caution that is better too needs no excuse.
    #expect(choice(report(hits: 90, misses: 18, falseAlarms: 8), best).best() == cautious)
  }

  @Test("A false alarm where nobody makes a gesture is chance as heavy as its weight")
  func quietError() {
    // One of them counts five times, so that with it alone the standard error is five errors, where
    // five others would make it √5.
    let best = report(hits: 100, misses: 0, falseAlarms: 0, quiet: 1)
    #expect(choice(best, report(hits: 100, misses: 0, falseAlarms: 9)).best() == cautious)
    let five = report(hits: 100, misses: 0, falseAlarms: 5)
    #expect(choice(five, report(hits: 100, misses: 0, falseAlarms: 9)).best() == bold)
  }

  @Test("Rest comes before vigour, time between gestures, little confidence, and many windows")
  func preference() {
    let all = [
      EventDetector.Settings(confidence: 0.9, fewestWindows: 2, vigour: 8, refractory: nil),
      EventDetector.Settings(confidence: 0.6, fewestWindows: 8, vigour: 7, refractory: 2),
      EventDetector.Settings(confidence: 0.9, fewestWindows: 5, vigour: 8, refractory: 1),
      EventDetector.Settings(confidence: 0.6, fewestWindows: 2, vigour: 8, refractory: 1),
      EventDetector.Settings(confidence: 0.6, fewestWindows: 5, vigour: 8, refractory: 1),
      EventDetector.Settings(
        confidence: 0.9, fewestWindows: 2, vigour: nil, refractory: nil,
        motion: MotionLimit(level: 9, duration: 3)),
    ]
    let same = report(hits: 10, misses: 0, falseAlarms: 0)
    for (count, chosen) in [(2, 0), (3, 2), (4, 3), (5, 4), (6, 5)] {
      let choice = DetectionChoice(among: Array(all.prefix(count))) { _ in same }
      #expect(choice.best() == all[chosen])
    }
  }

  @Test(
    "A limit of false alarms where nobody makes a gesture is kept, or missed by as little as can be"
  )
  func falseAlarms() {
    let loud = report(hits: 100, misses: 0, falseAlarms: 0, quiet: 3)
    let quiet = report(hits: 60, misses: 40, falseAlarms: 0, quiet: 1)
    #expect(choice(loud, quiet).best() == bold)
    #expect(choice(loud, quiet).best(falseAlarmsPerHour: 2) == cautious)
    #expect(choice(loud, quiet).best(falseAlarmsPerHour: 0.5) == cautious)
    // A false alarm there weighs five.
    let fewer = report(hits: 90, misses: 10, falseAlarms: 0)
    #expect(choice(report(hits: 92, misses: 8, falseAlarms: 0, quiet: 5), fewer).best() == cautious)
  }

  @Test("Limits of vigour come from the gestures, and cost at most one in twenty-five")
  func candidates() {
    let vigours = (0..<100).map { Double($0) + 10 }
    let limits = Set(
      DetectionChoice.candidates(vigours: vigours.reversed(), shortestGap: 2).map(\.vigour))
    #expect(limits == [nil, 9.9, 10.9, 11.9, 13.9])
    let limit = MotionLimit(level: 9, duration: 3)
    let limited = DetectionChoice.candidates(vigours: [], shortestGap: nil, motion: limit)
    #expect(limited.count { $0.motion == limit } == 27 && limited.count { $0.motion == nil } == 27)
    let without = DetectionChoice.candidates(vigours: [], shortestGap: nil)
    #expect(without.allSatisfy { $0.vigour == nil && $0.refractory == nil })
    #expect(Set(without).count == without.count && without.count == 27)
  }
}
