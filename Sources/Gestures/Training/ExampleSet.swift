package import Radar

/// Moments of recordings that a network learns from, or is judged by.
package struct ExampleSet: Sendable {
  /// One moment.
  package struct Example: Hashable, Sendable {
    /// The recording.
    package var sequence: Int

    /// The class, as an index into the labels.
    package var label: Int

    /// The middle of the gesture in seconds.
    package var middle: Double
  }

  let sequences: [LabelledSequence]
  let labels: [String]

  /// The marked gestures.
  private(set) var gestures: [Example] = []

  /// Moments without a gesture, and marked background.
  private(set) var background: [Example] = []

  /// The background in recordings in which nobody makes a gesture.
  private(set) var quiet: [Example] = []

  /// Collects the examples in `sequences` for which `includes` says yes.
  ///
  /// Background is what lies so far from every gesture that its window shows hardly any of it.
  package init(
    _ sequences: [LabelledSequence], labels: [String],
    includes: (_ sequence: Int, _ time: Double) -> Bool = { _, _ in true }
  ) {
    self.sequences = sequences
    self.labels = labels
    let backgroundIndex = labels.firstIndex(of: GestureModel.backgroundLabel)
    for (index, sequence) in sequences.enumerated() {
      for annotation in sequence.annotations {
        guard let label = labels.firstIndex(of: annotation.label) else { continue }
        guard includes(index, annotation.middle) else { continue }
        let example = Example(sequence: index, label: label, middle: annotation.middle)
        if label == backgroundIndex { background.append(example) } else { gestures.append(example) }
      }
      guard let backgroundIndex else { continue }
      for middle in silentMoments(of: sequence) where includes(index, middle) {
        background.append(Example(sequence: index, label: backgroundIndex, middle: middle))
      }
    }
    quiet = background.filter { sequences[$0.sequence].isQuiet }
  }

  /// What a network sees of an example, as it is.
  func window(of example: Example) -> [Float] {
    sequences[example.sequence].features.window(centeredAt: example.middle)
  }

  /// The places of the background that can be taken for a gesture by its vigour.
  ///
  /// In a recording with gestures, what moves less than any marked gesture may be the same gesture,
  /// too slow to be marked: a network must not learn that it is none. The detector asks for vigour.
  var vigorousBackground: [Int] {
    let vigours = gestures.map { sequences[$0.sequence].features.vigour(centeredAt: $0.middle) }
      .sorted()
    let least = vigours.isEmpty ? 0 : vigours[vigours.count / 50]
    return background.indices.filter { place in
      let example = background[place]
      let sequence = sequences[example.sequence]
      return sequence.isQuiet || sequence.features.vigour(centeredAt: example.middle) >= least
    }
  }

  /// A moment at which a gesture is at the edge of the window, not in its middle, and no other one
  /// is: the network must not fire yet, or not any more.
  ///
  /// - Returns: The moment as background, and `nil` if another gesture is near its middle, or if
  ///   the gesture fills the window so well that there is little beside it.
  func offCentre(
    of gesture: Example, using generator: inout some RandomNumberGenerator
  ) -> Example? {
    let sequence = sequences[gesture.sequence]
    let window = sequence.features.grid.duration
    guard let background = labels.firstIndex(of: GestureModel.backgroundLabel),
      let mark = mark(of: gesture), hasEdge(gesture)
    else { return nil }
    let reach = (window + mark.end - mark.start) / 2
    let distance = Double.random(in: 0.6...0.9, using: &generator) * reach
    let middle = gesture.middle + (Bool.random(using: &generator) ? distance : -distance)
    let isAlone = sequence.annotations.allSatisfy { abs($0.middle - middle) > 0.35 * window }
    return isAlone
      ? Example(sequence: gesture.sequence, label: background, middle: middle) : nil
  }

  /// Whether a gesture is short enough beside a window for ``offCentre(of:using:)``.
  func hasEdge(_ gesture: Example) -> Bool {
    guard let mark = mark(of: gesture) else { return false }
    return mark.end - mark.start < 0.6 * sequences[gesture.sequence].features.grid.duration
  }

  private func mark(of gesture: Example) -> Annotation? {
    sequences[gesture.sequence].annotations.first { $0.middle == gesture.middle }
  }

  /// Every sixth of a window, the moments far from all gestures, from the first to the last: a
  /// recording may begin and end with a hand in motion, and that is no gesture.
  private func silentMoments(of sequence: LabelledSequence) -> [Double] {
    let window = sequence.features.grid.duration
    let moments = stride(from: 0, through: sequence.features.duration, by: window / 6)
    return moments.filter { moment in
      sequence.annotations.allSatisfy { annotation in
        let reach = (window + annotation.end - annotation.start) / 2
        return abs(moment - annotation.middle) > 0.9 * reach
      }
    }
  }

  /// The usual duration of each class in seconds: the mean over its gestures.
  static func durations(of labels: [String], in sequences: [LabelledSequence]) -> [Double] {
    labels.map { label in
      let durations = sequences.flatMap(\.annotations).filter { $0.label == label }
        .map { $0.end - $0.start }
      return durations.isEmpty ? 0 : durations.reduce(0, +) / Double(durations.count)
    }
  }

  /// The shortest time from the middle of a marked gesture to that of the next.
  ///
  /// - Parameters:
  ///   - annotations: What is marked in each recording.
  ///   - includes: Whether a moment of a recording may be learned from.
  /// - Returns: The time in seconds, and `nil` if no two follow each other that may be learned from.
  package static func shortestGap(
    of annotations: [[Annotation]], includes: (_ recording: Int, _ time: Double) -> Bool
  ) -> Double? {
    annotations.enumerated().flatMap { index, annotations in
      let middles = annotations.filter { $0.label != GestureModel.backgroundLabel }
        .map(\.middle).sorted()
      return zip(middles.dropFirst(), middles).filter { includes(index, $0) && includes(index, $1) }
        .map { $0 - $1 }
    }.min()
  }
}
