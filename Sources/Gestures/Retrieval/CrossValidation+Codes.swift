internal import Radar

extension CrossValidation {
  /// Learns codes and judges them, so that no gesture is judged by a network that has seen it.
  ///
  /// In every turn each gesture that was held out is looked for among the others that were.
  ///
  /// - Parameters:
  ///   - recordings: Recordings of one kind of radar.
  ///   - codes: How each network is learned.
  ///   - progress: Called after every turn.
  /// - Returns: All turns together, and each of them.
  /// - Throws: ``GestureError`` if the recordings cannot be split, and what reading throws.
  public func retrieval(
    _ recordings: [LabelledRecording], codes: CodeTrainer,
    progress: (_ name: String, _ report: RetrievalReport, _ total: Int) -> Void = { _, _, _ in }
  ) throws -> (total: RetrievalReport, folds: [(name: String, report: RetrievalReport)]) {
    let grid = try FeatureGrid.fitting(recordings)
    let sequences = try LabelledSequence.read(recordings, grid: grid)
    let waveforms = WaveformFamily(of: recordings.map(\.waveform))
    let parts = try partition(of: sequences)
    var total = RetrievalReport(codes: [], labels: [])
    var folds: [(name: String, report: RetrievalReport)] = []
    for part in parts.names {
      let model = try codes.train(on: sequences, waveforms: waveforms) { sequence, time in
        parts.name(sequence, time) != part
      }
      let report = model.retrieval(in: sequences) { parts.name($0, $1) == part }
      total.add(report)
      folds.append((part, report))
      progress(part, report, parts.names.count)
    }
    return (total, folds)
  }
}
