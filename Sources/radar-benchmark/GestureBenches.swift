import Gestures
import Radar
import Simulation

/// One frame of a stream in which gestures are found, by each kind of network: from its samples to its
/// events.
///
/// The number behind a radar is that of range gates.
func gestureBenches() -> [Bench] {
  let plain = NetworkKind.allCases.flatMap { kind in
    [SimulatedRadar.pulsed60, .fmcw60].map { (radar: $0, kind: kind, gates: 0) }
  }
  let gated = [NetworkKind.timeFrequency, .streaming].map {
    (radar: SimulatedRadar.fmcw60, kind: $0, gates: 8)
  }
  return (plain + gated).map { radar, kind, gates in
    let sensor = radar.rawValue + (gates > 0 ? "/\(gates)" : "")
    var bench = Bench(name: "gesture_frame", workload: "\(sensor) \(kind.rawValue)") {
      let people = SimulatedDataSet(
        radar: radar, options: SceneOptions(radar: radar), seed: 1)
      var trainer = GestureTrainer()
      trainer.network = kind
      trainer.rangeGates = gates
      trainer.epochs = 1
      trainer.validationFraction = 0
      let recordings = (0..<4).map { LabelledRecording(simulated: people[$0]) }
      guard let model = try? trainer.train(on: recordings).model,
        var stream = try? GestureClassifier(model: model).stream(of: radar.waveform)
      else { return {} }
      var frames: [Frame] = []
      try? LabelledRecording(simulated: people[9]).forEachFrame { frame in
        if frames.count < benchFrames { frames.append(copy frame) }
      }
      let length = Double(benchFrames) * radar.waveform.frameInterval
      var passes = 0.0
      return {
        for var frame in frames {
          // Time goes on: of a frame from the past a stream takes no notice.
          frame.time += passes * length
          _ = stream.append(frame)
        }
        passes += 1
      }
    }
    bench.divisor = Double(benchFrames)
    return bench
  }
}

/// The frames of a call.
private let benchFrames = 100

extension LabelledRecording {
  /// A simulated recording, computed anew each time it is read.
  fileprivate init(simulated simulator: RecordingSimulator) {
    self.init(
      name: "simulated", waveform: simulator.waveform, annotations: simulator.annotations
    ) { body in
      var simulator = simulator
      var frame = Frame(shape: simulator.waveform.shape)
      while simulator.next(into: &frame) { try body(frame) }
    }
  }
}
