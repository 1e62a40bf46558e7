/// Streams of which every moment is judged by a model that has not learned from it.
///
/// An event is told by what came before it too, so each model is judged by its moments in the stream as
/// a whole, the other moments being shown as those models saw them that had not learned from them.
struct HeldOutStreams {
  private let sequences: [LabelledSequence]
  private let parts: MomentPartition
  private var models: [GestureModel] = []

  /// The windows of each sequence, for each model.
  private var tracks: [[ScoreTrack]] = []

  /// Begins with no models of sequences of which `parts` are held out in turn.
  init(of sequences: [LabelledSequence], parts: MomentPartition) {
    self.sequences = sequences
    self.parts = parts
  }

  private func isHeldOut(_ sequence: Int, _ time: Double, of model: Int) -> Bool {
    !parts.isLearned(sequence, time, without: parts.names[model])
  }

  /// Adds the model of the next part.
  mutating func add(_ model: GestureModel) {
    let number = models.count
    models.append(model)
    tracks.append(
      sequences.indices.map { index in
        ScoreTrack(of: sequences[index].features, judgedBy: model) {
          isHeldOut(index, $0, of: number)
        }
      })
  }

  /// Judges the model of a part by the events in the moments that it has not learned from.
  func judge(_ number: Int, into evaluation: inout Evaluation) {
    evaluation.judgeStreams(
      of: sequences, by: models[number],
      includes: { isHeldOut($0, $1, of: number) },
      track: { index in
        // The model itself comes last: where moments are held out of several, its own view counts.
        let order = models.indices.filter { $0 != number } + [number]
        return ScoreTrack(
          joining: order.map { model in
            (tracks[model][index], { isHeldOut(index, $0, of: model) })
          })
      })
  }
}
