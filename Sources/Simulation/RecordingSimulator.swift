public import Radar
internal import RealModule

/// Simulates what a radar records of a person who makes gestures, frame by frame.
///
/// The hand is a cluster of points on the palm, fingers and forearm; behind it are a body that
/// breathes, things that do not move, and the radar's own leakage. The converter adds its noise,
/// rounds to whole counts and cuts off what exceeds its range. On their way to the recording frames may
/// get lost, which changes nothing about the others. Memory does not grow with the length of the
/// recording, and one seed gives one recording.
public struct RecordingSimulator: Sendable {
  /// The radar.
  public let radar: SimulatedRadar

  /// The gestures in order of time, where stretches of marked background are called `background`.
  public let annotations: [Annotation]

  /// The number of frames.
  public let frameCount: Int

  private let synthesis: EchoSynthesis
  private let script: HandScript
  private let person: SimulatedPerson
  private let clutter: Frame
  private let handAmplitude: Double
  private let noise: Double
  private var generator: SimulationGenerator
  private let loss: FrameLoss
  private var lossGenerator: SimulationGenerator
  private var isLost: Bool?
  private var nextIndex = 0

  /// Creates the recording of a new person.
  ///
  /// - Parameters:
  ///   - radar: The radar.
  ///   - gestures: The gestures the person makes, one after the other.
  ///   - options: What the scene is like.
  ///   - seed: Where chance begins: person, style, scene and noise follow from it.
  /// - Precondition: There is a gesture.
  public init(
    radar: SimulatedRadar, gestures: [SimulatedGesture], options: SceneOptions, seed: UInt64
  ) {
    self.init(
      radar: radar, script: gestures.map { .named($0) }, options: options, seed: seed)
  }

  /// Creates the recording of a new person who makes invented gestures.
  ///
  /// - Parameters:
  ///   - radar: The radar.
  ///   - invented: The gestures the person makes, one after the other.
  ///   - options: What the scene is like.
  ///   - seed: Where chance begins: person, style, scene and noise follow from it.
  /// - Precondition: There is a gesture.
  public init(
    radar: SimulatedRadar, invented: [InventedGesture], options: SceneOptions, seed: UInt64
  ) {
    self.init(
      radar: radar, script: invented.map { .invented($0) }, options: options, seed: seed)
  }

  private init(
    radar: SimulatedRadar, script gestures: [ScriptedGesture], options: SceneOptions, seed: UInt64
  ) {
    precondition(!gestures.isEmpty, "a recording needs a gesture")
    var generator = SimulationGenerator(seed: seed)
    let waveform = radar.waveform
    self.radar = radar
    synthesis = EchoSynthesis(waveform: waveform)
    person = SimulatedPerson(
      scale: options.scale * radar.movementScale, distance: options.distance, using: &generator)
    script = HandScript(
      gestures: gestures, person: person, distance: options.distance, using: &generator)
    annotations = script.strokes.map { stroke in
      Annotation(label: stroke.gesture.name, start: stroke.start, end: stroke.end)
    }
    frameCount = Int((script.duration / waveform.frameInterval).rounded(.up))

    // Amplitudes are given at one metre.
    let usual = radar.usualDistance
    handAmplitude = radar.converter.handAmplitude * usual * usual
    noise =
      radar.converter.handAmplitude * .exp10(-options.signalToNoiseRatio / 20)
      / 2.0.squareRoot()
    clutter = Self.clutter(
      synthesis, amplitude: handAmplitude, leakage: radar.converter.handAmplitude,
      using: &generator)
    self.generator = generator
    loss = options.frameLoss
    // Chance of its own, so that the same person is seen whatever gets lost.
    lossGenerator = SimulationGenerator(seed: seed ^ 0xD6E8_FEB8_6659_FD93)
  }

  /// What the radar transmits and how it samples the echo.
  public var waveform: Waveform { synthesis.waveform }

  /// Replaces `frame` by the next one.
  ///
  /// - Parameter frame: A frame of the shape of the waveform.
  /// - Returns: Whether there was a next one.
  public mutating func next(into frame: inout Frame) -> Bool {
    guard nextIndex < frameCount else { return false }
    frame.index = nextIndex
    frame.time = Double(nextIndex) * waveform.frameInterval
    for chirp in frame.validity.indices { frame.validity[chirp] = true }
    let (script, person, amplitude) = (script, person, handAmplitude)
    synthesis.fill(&frame) { time in
      var points = person.scatterers(
        palm: script.palm(at: time), rest: script.restPosition, amplitude: amplitude, at: time)
      if let walker = script.walker(at: time) {
        points += Self.walkerPoints(walker, amplitude: amplitude)
      }
      return points
    }
    convert(&frame)
    lose(&frame)
    nextIndex += 1
    return true
  }

  /// Takes away what was received of the frame, if it is one that gets lost.
  private mutating func lose(_ frame: inout Frame) {
    guard loss.share > 0 else { return }
    let isLost = lossGenerator.uniform(0...1) < loss.probability(after: self.isLost)
    self.isLost = isLost
    guard isLost else { return }
    for chirp in frame.validity.indices { frame.validity[chirp] = false }
    for index in frame.samples.indices { frame.samples[index] = 0 }
  }

  /// Body and arms of someone who walks past.
  private static func walkerPoints(
    _ walker: (position: SIMD3<Double>, swing: Double), amplitude: Double
  ) -> [Scatterer] {
    let parts: [(SIMD3<Double>, Double)] = [
      (SIMD3(0, 0, 0), 3), (SIMD3(0.1, 0.2, 0.05), 2), (SIMD3(-0.1, -0.2, 0.05), 2),
      (SIMD3(0.25 * walker.swing, -0.1, 0), 0.8), (SIMD3(-0.25 * walker.swing, -0.1, 0.2), 0.8),
    ]
    return parts.map { offset, strength in
      Scatterer(position: walker.position + offset, amplitude: strength * amplitude)
    }
  }

  /// What does not move: things behind the person, and the wave that leaks into the receivers.
  private static func clutter(
    _ synthesis: EchoSynthesis, amplitude: Double, leakage: Double,
    using generator: inout SimulationGenerator
  ) -> Frame {
    var things = (0..<5).map { _ in
      Scatterer(
        position: SIMD3(
          generator.uniform(-0.8...0.8), generator.uniform(-0.5...0.5), generator.uniform(0.6...2)),
        amplitude: amplitude * generator.uniform(0.5...3))
    }
    // The leak is an echo from very near; its amplitude is that of the whole hand.
    let near = 0.03
    things.append(
      Scatterer(
        position: SIMD3(0, 0, near),
        amplitude: leakage * near * near * generator.uniform(2...4)))
    var frame = Frame(shape: synthesis.waveform.shape)
    synthesis.fill(&frame) { _ in things }
    return frame
  }

  /// Adds clutter and noise, and makes whole counts within the converter's range.
  private mutating func convert(_ frame: inout Frame) {
    let converter = radar.converter
    let noise = self.noise
    var spare: Double?
    for index in frame.samples.indices {
      let normal: Double
      if let number = spare {
        normal = number
        spare = nil
      } else {
        let (first, second) = generator.normals()
        normal = first
        spare = second
      }
      let value = frame.samples[index] + clutter.samples[index] + Float(noise * normal)
      let count = (value + converter.midScale).rounded()
      frame.samples[index] = min(max(count, converter.range.lowerBound), converter.range.upperBound)
    }
  }
}
