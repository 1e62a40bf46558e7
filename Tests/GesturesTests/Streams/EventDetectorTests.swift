import Gestures
import RealModule
import Testing

@Suite("Event detector")
struct EventDetectorTests {
  /// The middles of the events in a stream of gestures, each half a second of sure windows.
  private func told(
    gesturesAt middles: [Double], refractory: Double?, certainty: Double = 0.95
  ) -> [Double] {
    var detector = EventDetector(
      settings: .init(confidence: 0.5, fewestWindows: 2, vigour: nil, refractory: refractory),
      labels: ["background", "push"], durations: [0, 0.4], windowDuration: 1)
    var findings: [EventDetector.Finding] = []
    for step in 0..<400 {
      let time = Double(step) * 0.025
      let isNear = middles.contains { abs($0 - time) < 0.25 }
      let odds = Float(Double.log(certainty / (1 - certainty)))
      let window = ScoredWindow(
        middle: time, view: GestureView(scores: isNear ? [0, odds] : [3, 0]), gestures: [1],
        vigour: 0)
      if let finding = detector.append(window) { findings.append(finding) }
    }
    findings += detector.finish(at: 10)
    return findings.map { ($0.start + $0.end) / 2 }
  }

  @Test("Every gesture is told once, at its middle")
  func plain() {
    let middles = [1.0, 2, 4, 7.5]
    let told = told(gesturesAt: middles, refractory: nil)
    #expect(told.count == middles.count)
    for (event, middle) in zip(told, middles) { #expect(abs(event - middle) < 0.03) }
  }

  @Test("What follows a gesture within the refractory time is not told")
  func refractory() {
    let told = told(gesturesAt: [1, 2, 4], refractory: 1.5)
    #expect(told.count == 2)
    #expect(abs((told.last ?? 0) - 4) < 0.03)
  }

  @Test("What has been moving for too long is no gesture, and is counted; after a rest it is one")
  func restless() {
    var detector = EventDetector(
      settings: .init(
        confidence: 0.5, fewestWindows: 2, vigour: nil, refractory: nil,
        motion: MotionLimit(level: 10, duration: 2)),
      labels: ["background", "push"], durations: [0, 0.4], windowDuration: 1)
    var findings: [EventDetector.Finding] = []
    // Something looks like a gesture every second, and moves but for the time from 4.6 to 4.9 s.
    for step in 0..<400 {
      let time = Double(step) * 0.025
      let isNear = abs(time - time.rounded()) < 0.25 && time > 0.5 && time < 9.5
      let window = ScoredWindow(
        middle: time, view: GestureView(scores: isNear ? [0, 3] : [3, 0]), gestures: [1],
        vigour: 0, motion: time < 4.6 ? time : max(time - 4.9, 0))
      if let finding = detector.append(window) { findings.append(finding) }
    }
    findings += detector.finish(at: 10)
    // The second gesture was seen first before two seconds of motion were over.
    #expect(findings.map { (($0.start + $0.end) / 2).rounded() } == [1, 2, 5, 6, 7])
    #expect(detector.restlessCount == 4)
  }

  @Test("The refractory time counts from what was told, not from what was passed over")
  func passedOver() {
    let told = told(gesturesAt: [1, 2, 3, 4, 5], refractory: 1.5)
    #expect(told.map { $0.rounded() } == [1, 3, 5])
  }

  @Test("A gesture is as unlike what is known as the most familiar of its windows")
  func familiarity() {
    var detector = EventDetector(
      settings: .init(confidence: 0.5, fewestWindows: 2, vigour: nil, refractory: nil),
      labels: ["background", "push"], durations: [0, 0.4], windowDuration: 1)
    for (step, unlikeness) in [0.4, 0.1, 0.3].enumerated() {
      // The first window is the surest.
      let view = GestureView(scores: [0, 5 - Float(step)], unlikeness: unlikeness)
      _ = detector.append(
        ScoredWindow(middle: 0.1 * Double(step), view: view, gestures: [1], vigour: 0))
    }
    let findings = detector.finish(at: 0.3)
    #expect(findings.map(\.view) == [GestureView(scores: [0, 5], unlikeness: 0.1)])
  }

  @Test("A gesture that is not sure enough is no event, and starts no refractory time")
  func unsure() {
    #expect(told(gesturesAt: [1, 2], refractory: 1.5, certainty: 0.4).isEmpty)
  }
}
