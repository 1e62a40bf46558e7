internal import Autodiff
internal import Networks
internal import Radar

/// Learns a model from labelled recordings.
public struct GestureTrainer: Sendable {
  /// The times every gesture is shown.
  public var epochs = 60

  /// Where random numbers begin: one seed, one result, whatever the number of threads.
  public var seed: UInt64 = 0

  /// The most threads to use.
  public var threads = 2

  /// The share of gestures that is not learned from, but tells how well it goes.
  public var validationFraction = 0.1

  /// The gestures of a step.
  public var batchSize = 32

  /// The highest learning rate.
  public var learningRate = 3e-3

  /// Creates a trainer with the default recipe.
  public init() {}

  /// How far training has come.
  public struct Progress: Sendable {
    /// The epochs done.
    public var epoch: Int

    /// The epochs in all.
    public var epochs: Int

    /// The mean loss over the epoch.
    public var loss: Double

    /// The share of the held-out gestures that are named right, and `nil` if none are held out.
    public var validationAccuracy: Double?
  }

  /// Learns a model.
  ///
  /// - Parameters:
  ///   - recordings: Recordings of one kind of radar, some with gestures.
  ///   - progress: Called after every epoch.
  /// - Returns: The model.
  /// - Throws: ``GestureError`` if the recordings do not make a data set, and what reading throws.
  public func train(
    on recordings: [LabelledRecording], progress: (Progress) -> Void = { _ in }
  ) throws -> GestureModel {
    let grid = try FeatureGrid.fitting(recordings)
    let sequences = try LabelledSequence.read(recordings, grid: grid)
    return try train(
      on: sequences, waveforms: WaveformFamily(of: recordings.map(\.waveform)), progress: progress)
  }

  /// Learns a model from features that were read before.
  ///
  /// - Parameters:
  ///   - sequences: Features on one grid.
  ///   - waveforms: The waveforms they come from.
  ///   - includes: Whether a moment of a sequence may be learned from.
  ///   - progress: Called after every epoch.
  /// - Returns: The model.
  /// - Throws: ``GestureError/noLabels`` or ``GestureError/tooFew(what:found:needed:)``.
  public func train(
    on sequences: [LabelledSequence], waveforms: WaveformFamily,
    includes: (_ sequence: Int, _ time: Double) -> Bool = { _, _ in true },
    progress: (Progress) -> Void = { _ in }
  ) throws -> GestureModel {
    let labels = try Self.labels(of: sequences, includes: includes)
    guard let grid = sequences.first?.features.grid else { throw GestureError.noLabels }
    let examples = ExampleSet(sequences, labels: labels, includes: includes)
    var generator = SeededGenerator(seed: seed)
    let (training, validation) = split(examples, using: &generator)
    var model = GestureModel(
      labels: labels, grid: grid, waveforms: waveforms,
      durations: ExampleSet.durations(of: labels, in: sequences), detection: .init(),
      temperature: 1,
      network: GestureNetwork(grid: grid, classes: labels.count, using: &generator))
    var course = TrainingCourse(
      trainer: self, examples: examples, training: training, generator: generator)
    for epoch in 1...max(epochs, 1) {
      let loss = course.runEpoch(of: &model)
      progress(
        Progress(
          epoch: epoch, epochs: epochs, loss: loss,
          validationAccuracy: accuracy(of: model, on: validation, in: examples)))
    }
    course.finish(&model)
    return model
  }

  /// The classes in a data set: background first, then gestures by their names.
  static func labels(
    of sequences: [LabelledSequence], includes: (Int, Double) -> Bool
  ) throws -> [String] {
    var names: Set<String> = []
    for (index, sequence) in sequences.enumerated() {
      for annotation in sequence.annotations
      where includes(index, annotation.middle) {
        names.insert(annotation.label)
      }
    }
    names.remove(GestureModel.backgroundLabel)
    guard !names.isEmpty else { throw GestureError.noLabels }
    return [GestureModel.backgroundLabel] + names.sorted()
  }

  /// Deals gestures and background out to learn from and to judge by.
  private func split(
    _ examples: ExampleSet, using generator: inout SeededGenerator
  ) -> (training: [ExampleSet.Example], validation: [ExampleSet.Example]) {
    let gestures = examples.gestures.shuffled(using: &generator)
    let background = examples.background.shuffled(using: &generator)
    let held = Int(Double(gestures.count) * validationFraction)
    let heldBackground = Int(Double(background.count) * validationFraction)
    return (
      Array(gestures.dropFirst(held)) + background.dropFirst(heldBackground),
      Array(gestures.prefix(held))
    )
  }

  private func accuracy(
    of model: GestureModel, on examples: [ExampleSet.Example], in set: ExampleSet
  ) -> Double? {
    guard !examples.isEmpty else { return nil }
    let windows = examples.map { set.sequences[$0.sequence].features.window(centeredAt: $0.middle) }
    let right = zip(model.probabilities(of: windows), examples).count { probabilities, example in
      probabilities.indices.max { probabilities[$0] < probabilities[$1] } == example.label
    }
    return Double(right) / Double(examples.count)
  }
}
