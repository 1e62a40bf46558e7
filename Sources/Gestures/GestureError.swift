internal import Radar

/// Why gestures cannot be learned or named.
public enum GestureError: Error, Equatable, Sendable {
  /// A recording's radar does not measure a quantity that the model looks at.
  case missingQuantity(recording: String, quantity: String)

  /// A recording's radar has fewer range bins than there are range gates where these are.
  case tooFewRangeBins(recording: String, found: Int, needed: Int)

  /// A recording's waveform is not one that the model was trained on.
  case otherWaveform(recording: String, found: String, expected: String)

  /// There are no labelled gestures to learn from or to judge by.
  case noLabels

  /// Too few gestures for what is asked.
  case tooFew(what: String, found: Int, needed: Int)

  /// The recordings of a data set come from different kinds of radar.
  case mixedWaveforms(String, String)

  /// A label in the data is not a class of the model.
  case unknownLabel(String, known: [String])

  /// A recording has marked gestures, but none of that name.
  case noSuchGesture(recording: String, label: String, found: [String])

  /// A model file is not one of ours, or was damaged.
  case badModel(String)

  /// A checkpoint belongs to another training.
  case otherTraining(String)

  /// Nothing that can be simulated is like the recordings.
  case nothingAlike(String)

  /// A recording lacks the field by which it should be held out.
  case missingGroup(recording: String, field: String)
}

extension GestureError: CustomStringConvertible {
  /// One sentence with the facts on both sides.
  public var description: String {
    switch self {
    case .missingQuantity(let recording, let quantity):
      "\(recording) comes from a radar that does not measure \(quantity), which the model looks at"
    case .tooFewRangeBins(let recording, let found, let needed):
      "\(recording) comes from a radar that has \(found) range \(found == 1 ? "bin" : "bins") where"
        + " hands are, and \(needed) range gates need one each"
    case .otherWaveform(let recording, let found, let expected):
      "\(recording) holds \(found), but the model was trained on \(expected)"
    case .noLabels: "there are no labelled gestures in this data set"
    case .tooFew(let what, let found, let needed):
      "there are \(found) \(what), and \(needed) are needed"
    case .mixedWaveforms(let one, let other):
      "the data set mixes \(one) with \(other), and one model learns one kind of waveform"
    case .unknownLabel(let label, let known):
      "the data set has gestures called \(label), but the model knows only "
        + known.joined(separator: ", ")
    case .noSuchGesture(let recording, let label, let found):
      "no gesture in \(recording) is marked as \(label), only as \(found.joined(separator: ", "))"
    case .badModel(let reason): "the model file cannot be used: \(reason)"
    case .otherTraining(let path):
      "\(path) belongs to a training with other recordings or options: remove it, or name another file"
    case .nothingAlike(let waveforms):
      "no radar that can be simulated measures what recordings of \(waveforms) do"
    case .missingGroup(let recording, let field):
      "\(recording) does not say its \(field), so it cannot be left out by it"
    }
  }
}
