import Gestures
import Radar
import Simulation

extension LabelledRecording {
  /// A simulated recording, computed anew each time it is read.
  init(_ simulator: RecordingSimulator, name: String) {
    self.init(
      name: name, waveform: simulator.waveform, annotations: simulator.annotations,
      session: name, subject: name
    ) { body in
      var simulator = simulator
      var frame = Frame(shape: simulator.waveform.shape)
      while simulator.next(into: &frame) { try body(frame) }
    }
  }
}

/// The frames of a simulated recording.
func frames(of simulator: RecordingSimulator) -> [Frame] {
  var simulator = simulator
  var frame = Frame(shape: simulator.waveform.shape)
  var frames: [Frame] = []
  while simulator.next(into: &frame) { frames.append(frame) }
  return frames
}

/// Simulated people in front of the pulsed sensor, whose frames are small.
func simulatedPeople(
  _ count: Int, gestures: [SimulatedGesture] = [.push, .pull], seed: UInt64 = 1
) -> [LabelledRecording] {
  let set = SimulatedDataSet(
    radar: .pulsed60, gestures: gestures, options: SceneOptions(radar: .pulsed60), seed: seed)
  return (0..<count).map { LabelledRecording(set[$0], name: "person \($0)") }
}
