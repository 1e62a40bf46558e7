internal import Radar
internal import RealModule

/// Names gestures by their likeness to a few examples, without having learned them.
public struct Gallery: Sendable {
  /// The network that gives gestures codes.
  public let model: CodeModel

  /// The examples.
  public let archive: CodeArchive

  /// The most bits in which a gesture may differ from the nearest example: beyond, it is unknown.
  public var reach: Int

  /// The middle of the examples of each gesture.
  private let centroids: [String: CodeCentroid]

  /// The name of a gesture that is like none in the gallery.
  public static let unknownLabel = Prediction.unknownLabel

  /// Creates a gallery of examples.
  ///
  /// - Throws: ``CodeArchiveError/otherModel(_:bits:expected:)`` if the codes are not the model's.
  public init(model: CodeModel, archive: CodeArchive, path: String) throws(CodeArchiveError) {
    guard archive.model == model.fingerprint, archive.bitCount == model.bitCount else {
      throw .otherModel(path, bits: archive.bitCount, expected: model.bitCount)
    }
    self.model = model
    self.archive = archive
    reach = model.acceptance
    centroids = Dictionary(grouping: archive.entries, by: \.name)
      .mapValues { CodeCentroid(of: $0.map(\.code)) }
  }

  /// What a gallery says about a gesture.
  public struct Answer: Sendable {
    /// When the gesture starts in seconds.
    public var start: Double

    /// When it ends in seconds.
    public var end: Double

    /// The name of the most alike gesture, or ``Gallery/unknownLabel``.
    public var label: String

    /// The bits in which the gesture differs from the nearest example.
    public var distance: Int

    /// How the gallery divides between its gestures: the nearer, the more.
    public var probabilities: [String: Double]

    /// The probability of the label; of an unknown gesture, how far it lies beyond the reach.
    public var confidence: Double
  }

  /// The gestures of a recording that the gallery knows, and those that it does not.
  ///
  /// A window slides along the recording. Where its code is nearer to an example than before and
  /// after, and within reach, there is a known gesture; where much moves and there is none, an
  /// unknown one.
  ///
  /// - Parameter features: The features of the recording, on the grid of the model.
  /// - Returns: An answer for each, in order of time.
  public func answers(in features: FeatureSequence) -> [Answer] {
    let step = features.grid.timeStep
    let moments = stride(from: 0, to: features.stepCount, by: 2).map { Double($0) * step }
    let codes = model.codes(of: features, at: moments)
    let distances = codes.map { code in
      archive.entries.map { code.distance(to: $0.code) }.min() ?? .max
    }
    let separation = 0.4 * features.grid.duration
    var answers: [Answer] = []
    func isTaken(_ moment: Double) -> Bool {
      answers.contains { abs(($0.start + $0.end) / 2 - moment) < separation }
    }
    for place in distances.indices.sorted(by: { distances[$0] < distances[$1] }) {
      guard distances[place] <= reach else { break }
      guard !isTaken(moments[place]) else { continue }
      // Around its middle a gesture has one code: the middle of these windows is its own.
      var (first, last) = (place, place)
      while first > 0, distances[first - 1] <= distances[place] + 1 { first -= 1 }
      while last + 1 < moments.count, distances[last + 1] <= distances[place] + 1 { last += 1 }
      let middle = (moments[first] + moments[last]) / 2
      answer(to: codes[place], at: middle).map { answers.append($0) }
    }
    let lively = features.activeMoments()
    for (moment, code) in zip(lively, model.codes(of: features, at: lively))
    where !isTaken(moment) {
      if let answer = answer(to: code, at: moment), answer.label == Self.unknownLabel {
        answers.append(answer)
      }
    }
    return answers.sorted { $0.start < $1.start }
  }

  /// What the gesture around `moment` is, and `nil` if it is most like no gesture at all.
  func answer(to code: BinaryCode, at moment: Double) -> Answer? {
    guard !archive.entries.isEmpty else { return nil }
    let (probabilities, nearest) = probabilities(of: code)
    if code.distance(to: model.background) < nearest { return nil }
    let best = probabilities.max { ($0.value, $1.key) < ($1.value, $0.key) }
    let isKnown = nearest <= reach
    let half = model.grid.duration / 2
    let beyond = Double(nearest - reach) / Double(max(model.bitCount / 2 - reach, 1))
    return Answer(
      start: moment - half, end: moment + half,
      label: isKnown ? best?.key ?? Self.unknownLabel : Self.unknownLabel, distance: nearest,
      probabilities: probabilities,
      confidence: isKnown ? best?.value ?? 0 : min(max(beyond, 0), 1))
  }

  /// How the gallery divides between its gestures, and the distance of the nearest example.
  func probabilities(
    of code: BinaryCode
  ) -> (probabilities: [String: Double], nearest: Int) {
    // A difference of a twelfth of the bits divides by e: as sure as the network was trained to be.
    let scale = 12 / Double(model.bitCount)
    let distances = centroids.mapValues { $0.distance(to: code) }
    let least = distances.values.min() ?? 0
    let weights = distances.mapValues { Double.exp(scale * (least - $0)) }
    let total = weights.values.reduce(0, +)
    let nearest = archive.entries.map { code.distance(to: $0.code) }.min() ?? model.bitCount
    return (weights.mapValues { $0 / total }, nearest)
  }
}

// MARK: - Examples

extension CodeModel {
  /// The features of a recording on the axes of the model.
  ///
  /// - Throws: ``GestureError`` if the model was trained on other waveforms, and what reading throws.
  public func features(of recording: LabelledRecording) throws -> FeatureSequence {
    try check(recording.waveform, named: recording.name)
    return try LabelledSequence(recording, grid: grid).features
  }

  /// An entry for each gesture called `name` in a recording.
  ///
  /// Marked gestures are taken where they are marked; a recording without marks is one example,
  /// whose gesture is where most moves.
  ///
  /// - Throws: ``GestureError`` if there is no such gesture in it, and what reading throws.
  public func examples(
    of name: String, in recording: LabelledRecording
  ) throws -> [CodeArchive.Entry] {
    let features = try features(of: recording)
    let marked = recording.annotations.filter { $0.label == name }
    if !recording.annotations.isEmpty {
      guard !marked.isEmpty else {
        throw GestureError.noSuchGesture(
          recording: recording.name, label: name,
          found: Set(recording.annotations.map(\.label)).sorted())
      }
      return entries(marked, features: features, recording: recording.name)
    }
    guard let moment = features.liveliestMoment() else {
      throw GestureError.tooFew(what: "movements in \(recording.name)", found: 0, needed: 1)
    }
    let half = grid.duration / 2
    return entries(
      [Annotation(label: name, start: max(moment - half, 0), end: moment + half)],
      features: features, recording: recording.name)
  }

  /// An entry for every gesture in a recording: the marked ones, or without marks what moves.
  ///
  /// - Throws: ``GestureError`` if the model was trained on other waveforms, and what reading throws.
  public func entries(of recording: LabelledRecording) throws -> [CodeArchive.Entry] {
    let features = try features(of: recording)
    let half = grid.duration / 2
    let marks =
      recording.annotations.isEmpty
      ? features.activeMoments().map { moment in
        Annotation(label: "", start: max(moment - half, 0), end: moment + half)
      } : recording.annotations.filter { $0.label != GestureModel.backgroundLabel }
    return entries(marks, features: features, recording: recording.name)
  }

  private func entries(
    _ marks: [Annotation], features: FeatureSequence, recording: String
  ) -> [CodeArchive.Entry] {
    let codes = codes(of: features, at: marks.map(\.middle))
    return zip(marks, codes).map { mark, code in
      CodeArchive.Entry(
        code: code, name: mark.label, recording: recording, start: mark.start, end: mark.end)
    }
  }

  /// How well the codes of labelled recordings bring together what belongs together.
  ///
  /// - Parameters:
  ///   - sequences: Features on the grid of the model.
  ///   - includes: Whether a moment counts.
  /// - Returns: The report.
  public func retrieval(
    in sequences: [LabelledSequence],
    includes: (_ sequence: Int, _ time: Double) -> Bool = { _, _ in true }
  ) -> RetrievalReport {
    var all: [BinaryCode] = []
    var labels: [String] = []
    for (index, sequence) in sequences.enumerated() {
      let marks = sequence.annotations.filter { mark in
        mark.label != GestureModel.backgroundLabel && includes(index, mark.middle)
      }
      all += codes(of: sequence.features, at: marks.map(\.middle))
      labels += marks.map(\.label)
    }
    return RetrievalReport(codes: all, labels: labels)
  }
}
