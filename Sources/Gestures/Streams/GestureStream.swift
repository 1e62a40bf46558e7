public import Radar

/// A stream of radar samples in which gestures are found as it arrives.
///
/// The same samples give the same events however they are handed over: as frames, or as buffers of
/// any size. Memory does not grow with the length of the stream.
public struct GestureStream: ~Copyable {
  /// The model that judges.
  public let model: GestureModel

  /// What the radar transmits.
  public let waveform: Waveform

  /// The events found so far.
  public private(set) var eventCount = 0

  /// How often something looked like a gesture, but was not told, since it had been moving for longer
  /// than ``longestMotion`` without a rest.
  public var restlessCount: Int { detector.restlessCount }

  /// For how long something may have been moving when the middle of a gesture comes, in seconds, if the
  /// model knows that gestures come out of rest.
  public var longestMotion: Double? { model.detection.motion?.duration }

  private var extractor: FeatureExtractor
  private var detector: EventDetector
  private var window: SlidingWindow
  private var pending: Frame
  private var filled = 0

  /// What the model says of a window in which nothing moves, once it was asked.
  private var silentView: GestureView?

  /// What a network that looks at every step once remembers of them.
  private var state: StreamingState?

  /// The steps from one judged window to the next.
  static let stride = 2

  init(model: GestureModel, waveform: Waveform) {
    self.model = model
    self.waveform = waveform
    extractor = FeatureExtractor(grid: model.grid, waveform: waveform)
    detector = EventDetector(model: model, settings: model.detection)
    window = SlidingWindow(grid: model.grid, motionLevel: model.detection.motion?.level)
    if case .streaming(let network) = model.network {
      state = StreamingState(network, grid: model.grid)
    }
    pending = Frame(shape: waveform.shape)
  }

  /// Takes the next samples, as many as there are.
  ///
  /// - Parameter samples: ADC counts in the order of a frame, `[chirp, receiver, sample,
  ///   component]`, that go on where the last ones ended.
  /// - Returns: The gestures that are sure now.
  public mutating func append(_ samples: some Sequence<Float>) -> [GestureEvent] {
    var events: [GestureEvent] = []
    for sample in samples {
      pending.samples[filled] = sample
      filled += 1
      guard filled == pending.samples.count else { continue }
      filled = 0
      events += append(pending)
      pending.index += 1
      pending.time = Double(pending.index) * waveform.frameInterval
    }
    return events
  }

  /// Takes the next frame.
  ///
  /// - Parameter frame: A frame of the shape of the waveform.
  /// - Returns: The gestures that are sure now.
  public mutating func append(_ frame: borrowing Frame) -> [GestureEvent] {
    var steps: [FeatureExtractor.Step] = []
    extractor.append(frame) { steps.append($0) }
    return steps.compactMap { judge($0) }
  }

  /// Ends the stream.
  ///
  /// - Returns: The gestures that had not ended.
  public mutating func finish() -> [GestureEvent] {
    // Half a window of silence lets the last gesture pass the middle of the window.
    let silence = FeatureExtractor.Step(
      features: Array(repeating: 0, count: model.grid.featuresPerStep), damage: 0)
    var events = (0..<model.grid.steps / 2).compactMap { _ in judge(silence) }
    let last = detector.finish(at: window.middle).map { model.event(of: $0) }
    eventCount += last.count
    events += last
    return events
  }

  private mutating func judge(_ step: FeatureExtractor.Step) -> GestureEvent? {
    window.append(step)
    state?.append(step.features)
    guard window.stepCount.isMultiple(of: Self.stride), window.middle >= 0 else { return nil }
    let scored = ScoredWindow(
      middle: window.middle, view: view(), gestures: detector.gestures, damage: window.damage,
      vigour: window.vigour, motion: window.motion)
    guard let finding = detector.append(scored) else { return nil }
    eventCount += 1
    return model.event(of: finding)
  }

  /// What the model makes of the window.
  ///
  /// How unlike known gestures it looks is asked while a gesture may go on only, since nobody wants
  /// to know it of background. Of silence all is always the same, so that a stream that lost much is
  /// quick to catch up.
  private mutating func view() -> GestureView {
    let presence = model.detection.offset
    if let embedding = state?.embedding() {
      return model.views(ofEmbeddings: embedding, rememberingFrom: presence)[0]
    }
    let view =
      (window.isSilent ? silentView : nil)
      ?? model.views(of: [window.features], rememberingFrom: presence)[0]
    guard window.isSilent else { return view }
    silentView = view
    return view
  }
}

/// The last steps of a stream, as many as a window holds.
package struct SlidingWindow: Sendable {
  private let grid: FeatureGrid

  /// The features, `[step, velocityBin, channel]`, silent before the stream began.
  package private(set) var features: [Float]

  /// The steps taken so far.
  private(set) var stepCount = 0

  private var damages: [Double]

  /// The mean power of the fast echoes in each step.
  private var fastPowers: [Float]

  /// The steps without any echo since the last one with.
  private var silentSteps: Int

  /// Tells for how long something has been moving, if anybody wants to know.
  private var clock: MotionClock?

  /// For how long something has been moving in each step, in steps.
  private var motions: [Int]

  /// - Parameters:
  ///   - grid: The axes of the features.
  ///   - motionLevel: The level from which on something moves, in decibels above the noise, if for how
  ///     long it does matters.
  package init(grid: FeatureGrid, motionLevel: Double? = nil) {
    self.grid = grid
    clock = motionLevel.map { MotionClock(timeStep: grid.timeStep, level: $0) }
    motions = Array(repeating: 0, count: grid.steps)
    silentSteps = grid.steps
    features = Array(repeating: 0, count: grid.steps * grid.featuresPerStep)
    damages = Array(repeating: 0, count: grid.steps)
    fastPowers = Array(repeating: 1, count: grid.steps)
  }

  /// Takes a step and drops the oldest.
  package mutating func append(_ step: FeatureExtractor.Step) {
    silentSteps = step.features.contains { $0 != 0 } ? 0 : silentSteps + 1
    // Silence that follows silence changes nothing.
    if silentSteps <= grid.steps {
      features.removeFirst(grid.featuresPerStep)
      features += step.features
      fastPowers.removeFirst()
      fastPowers.append(step.fastPower)
    }
    damages[stepCount % damages.count] = step.damage
    motions[stepCount % motions.count] = clock?.append(step.movingPower) ?? 0
    stepCount += 1
  }

  /// Whether there is no echo in the whole window.
  var isSilent: Bool { silentSteps >= grid.steps }

  /// The middle of the window in seconds since the start of the stream.
  package var middle: Double { (Double(stepCount) - 0.5 - Double(grid.steps) / 2) * grid.timeStep }

  /// How vigorously something moves in its middle, in decibels above silence.
  package var vigour: Double { grid.vigour(of: fastPowers) }

  /// For how long something has been moving when its middle comes, in seconds.
  package var motion: Double {
    // The oldest step stands where the next one will.
    Double(motions[(stepCount + (grid.steps - 1) / 2) % motions.count]) * grid.timeStep
  }

  /// The mean share of chirps that were lost in the window.
  var damage: Double { damages.reduce(0, +) / Double(damages.count) }
}
