internal import Networks
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
        parts.isLearned(sequence, time, without: part)
      }
      let report = model.retrieval(in: sequences) { !parts.isLearned($0, $1, without: part) }
      total.add(report)
      folds.append((part, report))
      progress(part, report, parts.names.count)
    }
    return (total, folds)
  }

  /// Learns codes, fills a gallery with what was learned from, and judges how well it knows what it
  /// knows: see ``compare(_:leavesOutClasses:progress:)``.
  ///
  /// - Parameters:
  ///   - recordings: Recordings of one kind of radar.
  ///   - trainer: How each network is learned.
  ///   - leavesOutClasses: Whether in a second round each kind of gesture is left out.
  ///   - progress: Called after every turn with its name.
  /// - Returns: The report on all turns, and the area under the curve for each kind left out.
  /// - Throws: ``GestureError`` if the recordings cannot be split, and what reading throws.
  public func compare(
    _ recordings: [LabelledRecording], codes trainer: CodeTrainer, leavesOutClasses: Bool,
    progress: (_ turn: String) -> Void = { _ in }
  ) throws -> Comparison {
    try compare(recordings, leavesOutClasses: leavesOutClasses, progress: progress) {
      sequences, waveforms, _, includes in
      let model = try trainer.train(on: sequences, waveforms: waveforms, includes: includes)
      let examples = ExampleSet(
        sequences, labels: [GestureModel.backgroundLabel] + model.labels, includes: includes)
      let codes = model.codes(of: examples.gestures.map { examples.window(of: $0) })
      var archive = CodeArchive(bitCount: model.bitCount, model: model.fingerprint)
      for (code, example) in zip(codes, examples.gestures) {
        archive.append(
          CodeArchive.Entry(
            code: code, name: examples.labels[example.label], recording: "", start: 0, end: 0))
      }
      return try Gallery(model: model, archive: archive, path: "")
    }
  }
}

extension Gallery: ComparableModel {
  /// A gallery does answer so, but not where it is asked which of its gestures is most like one.
  var answersUnknown: Bool { false }

  var labels: [String] { Set(archive.entries.map(\.name)).sorted() }

  var parameterCount: Int { model.parameterCount }

  func answers(to windows: [[Float]]) -> [BayesianGestureModel.Answer] {
    let labels = labels
    return model.codes(of: windows).map { code in
      let (probabilities, nearest) = probabilities(of: code)
      let row = labels.map { probabilities[$0] ?? 0 }
      return BayesianGestureModel.Answer(
        prediction: Prediction(
          labels: labels, probabilities: row, unfamiliarity: Double(nearest)),
        uncertainty: PredictiveUncertainty(of: [row]))
    }
  }
}
