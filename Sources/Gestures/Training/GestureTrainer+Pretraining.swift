internal import Radar

extension GestureTrainer {
  /// Learns from recordings that are like those to learn from later, such as simulated hands before a
  /// radar like theirs, so that the later learning can start from what was learned here: see ``start``.
  ///
  /// - Parameters:
  ///   - people: What to learn from first.
  ///   - recordings: What to learn from later.
  ///   - progress: Called after every epoch.
  /// - Returns: A model on the axes that suit `recordings`, with the classes of `people`.
  /// - Throws: ``GestureError`` if either do not make a data set, or the people are not seen by a radar
  ///   that measures the same, and what reading throws.
  public func pretrain(
    on people: [LabelledRecording], for recordings: [LabelledRecording],
    progress: (Progress) -> Void = { _ in }
  ) throws -> GestureModel {
    let grid = try FeatureGrid.fitting(recordings, rangeGates: rangeGates)
    // Counts of one converter are not those of another: each is measured from its own silence.
    var axes = grid
    axes.floorLevel = try FeatureGrid.floorLevel(of: people)
    var trainer = self
    trainer.start = nil
    trainer.sparsity = nil
    trainer.validationFraction = 0
    let sequences = try LabelledSequence.read(people, grid: axes)
    let model = try trainer.train(
      on: sequences, waveforms: WaveformFamily(of: people.map(\.waveform)), progress: progress
    ).model
    return GestureModel(
      labels: model.labels, grid: grid,
      waveforms: WaveformFamily(of: recordings.map(\.waveform)), durations: model.durations,
      marksBackground: model.marksBackground, network: model.network)
  }
}
