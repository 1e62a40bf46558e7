import Gestures
import Radar
import Testing

@Suite("Event report")
struct EventReportTests {
  private func event(_ label: String, _ start: Double, _ end: Double) -> GestureEvent {
    GestureEvent(
      start: start, end: end, prediction: Prediction(labels: [label], probabilities: [1]))
  }

  @Test("An event matches a gesture of its name that it overlaps")
  func matches() {
    var report = EventReport()
    report.add(
      [event("push", 0.9, 1.4), event("pull", 3, 4), event("wave", 8, 9)],
      annotations: [
        Annotation(label: "push", start: 1, end: 2), Annotation(label: "push", start: 3, end: 4),
        Annotation(label: "wave", start: 5, end: 7),
      ], seconds: 1800)
    #expect(report.hits == 1 && report.falseAlarms == 2 && report.misses == 2)
    #expect(abs(report.precision - 1.0 / 3) < 1e-12)
    #expect(abs(report.recall - 1.0 / 3) < 1e-12)
    #expect(abs(report.f1 - 1.0 / 3) < 1e-12)
    #expect(report.falseAlarmsPerHour == 4)
  }

  @Test("Two events on one gesture are a hit and a false alarm")
  func twoEvents() {
    var report = EventReport()
    report.add(
      [event("push", 1, 1.2), event("push", 1.5, 2)],
      annotations: [Annotation(label: "push", start: 1, end: 2)], seconds: 60)
    #expect(report.hits == 1 && report.falseAlarms == 1 && report.misses == 0)
  }

  @Test("Marked background is no gesture to be missed")
  func background() {
    var report = EventReport()
    report.add([], annotations: [Annotation(label: "background", start: 0, end: 9)], seconds: 9)
    #expect(report.misses == 0 && report.f1 == 0)
  }

  @Test("Reports add up")
  func sum() {
    var one = EventReport()
    one.add(
      [event("a", 0, 1)], annotations: [Annotation(label: "a", start: 0, end: 1)], seconds: 10)
    var two = EventReport()
    two.add([event("a", 0, 1)], annotations: [], seconds: 20)
    one.add(two)
    #expect(one.hits == 1 && one.falseAlarms == 1 && one.seconds == 30)
  }
}
