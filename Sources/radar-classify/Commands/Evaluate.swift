import ArgumentParser
import Gestures
import Radar

struct Evaluate: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Say how well a model, or the training itself, does on labelled recordings.",
    discussion: """
      With --model, or without anything, a model judges all recordings: make sure that it was not \
      trained on them. With --folds or --leave-out, models are trained on a part of the recordings \
      and judged by the rest, in turns.

        radar-classify evaluate my-gestures --folds 5
        radar-classify evaluate my-gestures --leave-out session
        radar-classify evaluate my-gestures --leave-out label
      """)

  enum Group: String, ExpressibleByArgument, CaseIterable {
    case session, subject, label

    var split: CrossValidation.Split {
      switch self {
      case .session: .session
      case .subject: .subject
      case .label: .label
      }
    }
  }

  @Argument(help: "The folder with the recordings.", completion: .directory)
  var dataset: String

  @OptionGroup var model: ModelOptions

  @Option(help: "Train and judge by turns on this many random parts.")
  var folds: Int?

  @Option(
    help: "Train and judge by turns, leaving out every session, subject or kind of gesture once.")
  var leaveOut: Group?

  @Option(
    help: "Deal the sessions or subjects into this many groups, and leave out one group each.")
  var groups: Int?

  @Flag(
    help: """
      With point-graph, count flickers of fewer than eight frames or 100 points as gestures too.
      """)
  var countFlickers = false

  @Flag(
    help: """
      With --folds, say how well models know what they know: leave out each kind of gesture in \
      turn too, and say how well it is told from the known ones. With --leave-out label, say the \
      same of models that have not seen what lies around the unknown kind either.
      """)
  var withoutClasses = false

  @Option(help: "With --folds or --leave-out, judge codes of this many bits instead of classes.")
  var codes: Int?

  @Flag(
    help: """
      With a model, judge marked gestures only, as one kind or another: background does not count. \
      So are models of --bayes judged, and this is what to compare them with.
      """)
  var gesturesOnly = false

  @OptionGroup var training: TrainingOptions
  @OptionGroup var page: ReportOptions
  @OptionGroup var output: OutputOptions

  mutating func validate() throws {
    guard [model.model != nil, folds != nil, leaveOut != nil].count(where: { $0 }) < 2 else {
      throw ValidationError("--model, --folds and --leave-out exclude each other.")
    }
    if gesturesOnly, folds != nil || leaveOut != nil || page.path != nil {
      throw ValidationError(
        "--gestures-only goes with a model, and not with --folds, --leave-out or --report.")
    }
    if let groups, groups < 2 || leaveOut != .subject || training.network != .pointGraph {
      throw ValidationError(
        "--groups must be at least 2, and goes with --leave-out subject and point-graph.")
    }
    if countFlickers, training.network != .pointGraph {
      throw ValidationError("--count-flickers goes with point-graph.")
    }
    if training.network == .pointGraph, leaveOut != .subject {
      throw ValidationError("--network point-graph goes with --leave-out subject.")
    }
    if let codes, !(8...4096).contains(codes) || (folds == nil && leaveOut == nil) {
      throw ValidationError("--codes must be from 8 to 4096, and goes with --folds or --leave-out.")
    }
    if page.path != nil, codes != nil || training.bayes != nil {
      throw ValidationError("--report does not go with --codes or --bayes.")
    }
    if withoutClasses,
      folds == nil && leaveOut != .label || training.network == .pointGraph || page.path != nil
    {
      throw ValidationError(
        """
        --without-classes goes with --folds or --leave-out label, not with point-graph or --report.
        """)
    }
    if folds == nil, leaveOut == nil, training.learnsInItsOwnWay {
      throw ValidationError(
        "How to learn is said with --folds or --leave-out: without them nothing is learned.")
    }
    if withoutClasses, training.pretrain != nil || training.startFrom != nil {
      throw ValidationError("--without-classes goes with neither --pretrain nor --start-from.")
    }
    guard codes == nil || training.startsFromNothing else {
      throw ValidationError(
        "--codes goes with none of --network, --range-gates, --pretrain, --start-from, --bayes, "
          + "--sparsity.")
    }
    if let folds, folds < 2 { throw ValidationError("--folds must be at least 2.") }
  }

  mutating func run() throws {
    try page.checkFolder()
    if training.network == .pointGraph {
      let result = try PointGraphs(training: training, console: output)
        .evaluate(dataset, groups: groups, countsFlickers: countFlickers)
      return try report(result.total, folds: result.folds)
    }
    if let path = model.model, PointGraphModel.isPointGraphModel(path: path) {
      return try report(PointGraphs.judge(dataset, by: PointGraphModel(path: path)), folds: [])
    }
    let recordings = try labelledRecordings(in: dataset)
    let split: CrossValidation.Split? =
      folds.map { .folds($0) } ?? leaveOut?.split
    guard let split else { return try judge(recordings) }
    if training.bayes != nil || withoutClasses { return try compare(recordings, split: split) }
    if let codes {
      return try CodeTraining(bits: codes, training: training, console: output)
        .evaluate(recordings, split: split, trainer: training.trainer)
    }
    var bar = ProgressBar(total: 100, options: output)
    var done = 0
    var trainer = training.trainer
    trainer.start = try Beginnings(training: training, console: output).start(for: recordings)
    let validation = CrossValidation(split: split, trainer: trainer)
    let result = try validation.evaluate(recordings) { fold, total in
      done += 1
      let accuracy = 100 * fold.evaluation.classification.accuracy
      bar.show(
        100 * done / max(total, 1), "fold \(fold.name): \(accuracy.formatted(decimals: 1)) %")
    }
    bar.clear()
    try report(result.total, folds: result.folds)
  }

  /// Trains and judges by turns how well models know what they know.
  private func compare(_ recordings: [LabelledRecording], split: CrossValidation.Split) throws {
    let validation = CrossValidation(split: split, trainer: training.trainer)
    let name =
      training.bayes?.rawValue ?? codes.map { "codes of \($0) bits" }
      ?? training.sparsity?.rawValue ?? "one network"
    try BayesianTraining.compare(total: recordings.count, name: name, console: output) { turn in
      if let method = training.bayes {
        return try validation.compare(
          recordings,
          bayesian: BayesianTraining(method: method, training: training, console: output).trainer,
          leavesOutClasses: withoutClasses, progress: turn)
      }
      if let codes {
        return try validation.compare(
          recordings,
          codes: CodeTraining(bits: codes, training: training, console: output).trainer,
          leavesOutClasses: withoutClasses, progress: turn)
      }
      return try validation.compare(
        recordings, leavesOutClasses: withoutClasses, progress: turn)
    }
  }

  /// Judges all recordings by one model.
  private func judge(_ recordings: [LabelledRecording]) throws {
    guard let first = recordings.first else { throw GestureError.noLabels }
    if let path = model.model, BayesianGestureModel.isBayesianModel(path: path) {
      return try BayesianTraining.judge(
        recordings, by: BayesianGestureModel(path: path), console: output)
    }
    if let path = model.model, CodeModel.isCodeModel(path: path) {
      return try CodeTraining.judge(recordings, by: CodeModel(path: path), console: output)
    }
    let model = try model.load(for: first.waveform, of: first.name)
    for recording in recordings { try model.check(recording) }
    try tellUnknown(among: recordings.flatMap(\.annotations), of: model)
    if gesturesOnly { return try BayesianTraining.judge(recordings, by: model, console: output) }
    var evaluation = Evaluation(labels: model.labels)
    var bar = ProgressBar(total: recordings.count, options: output)
    for start in stride(from: 0, to: recordings.count, by: 16) {
      let part = Array(recordings[start..<min(start + 16, recordings.count)])
      evaluation.judge(try LabelledSequence.read(part, grid: model.grid), by: model)
      bar.show(start + part.count, "")
    }
    bar.clear()
    try report(evaluation, folds: [])
  }

  /// Says which kinds of gestures the model has never learned, by which it is judged too.
  ///
  /// - Throws: ``GestureError/unknownLabel(_:known:)`` if it has learned none of them.
  private func tellUnknown(among marks: [Annotation], of model: GestureModel) throws {
    let unknown = Dictionary(
      grouping: marks.filter { !model.labels.contains($0.label) }, by: \.label
    ).sorted { $0.key < $1.key }
    guard let first = unknown.first else { return }
    if unknown.map(\.value.count).reduce(0, +) == marks.count {
      throw GestureError.unknownLabel(first.key, known: model.labels)
    }
    let kinds = unknown.map { "\($0.key) (\($0.value.count))" }.joined(separator: ", ")
    Console.report("never learned by the model, and counted as unknown: \(kinds)")
  }

  private func report(_ total: Evaluation, folds: [CrossValidation.Fold]) throws {
    let object = EvaluationObject(total, folds: folds)
    try page.write(object, title: dataset, notes: [protocolName(folds: folds.count)])
    if output.isJSON { return try Console.print(json: object) }
    for line in evaluationLines(total, folds: folds) { Console.print(line) }
  }

  /// How the recordings were judged, in words.
  private func protocolName(folds count: Int) -> String {
    guard count > 0 else { return "judged by \(model.model ?? "the shipped model")" }
    guard folds == nil else {
      return "\(count) random folds, each judged by a model that never saw it"
    }
    let what = (leaveOut ?? .subject).rawValue + "s"
    return "\(count) \(groups == nil ? what : "groups of \(what)"), each left out of training once"
  }
}
