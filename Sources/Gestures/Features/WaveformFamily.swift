public import Radar

/// The waveforms that a model can judge: those of the radars it was trained on, and their like.
public struct WaveformFamily: Codable, Hashable, Sendable {
  /// How the range axis arises.
  public var kind: String

  /// The lowest centre frequency trained on in hertz.
  public var lowestFrequency: Double

  /// The highest centre frequency trained on in hertz.
  public var highestFrequency: Double

  /// The slowest maximum velocity trained on in metres per second.
  public var maximumVelocity: Double

  /// How far outside the frequencies trained on a radar may lie, as a share of them: the axes are
  /// physical, but the strength of echoes is not the same in another band.
  static let frequencyTolerance = 0.15

  /// The family of `waveforms`, which are of one kind.
  ///
  /// - Precondition: There is a waveform.
  public init(of waveforms: some Collection<Waveform>) {
    precondition(!waveforms.isEmpty, "a family needs a member")
    let frequencies = waveforms.map(\.centerFrequency)
    kind = waveforms.map(\.kind.rawValue).first ?? ""
    lowestFrequency = frequencies.min() ?? 0
    highestFrequency = frequencies.max() ?? 0
    maximumVelocity = waveforms.map(\.maximumVelocity).min() ?? 0
  }

  /// Whether the numbers, which may come from a damaged file, are those of radars.
  var isSound: Bool {
    [lowestFrequency, highestFrequency].allSatisfy { (0...1e15).contains($0) }
      && maximumVelocity.isFinite
  }

  /// Whether a model of this family can judge recordings of `waveform`.
  public func contains(_ waveform: Waveform) -> Bool {
    let tolerance = Self.frequencyTolerance
    return waveform.kind.rawValue == kind
      && waveform.centerFrequency >= lowestFrequency * (1 - tolerance)
      && waveform.centerFrequency <= highestFrequency * (1 + tolerance)
      && waveform.maximumVelocity >= maximumVelocity / 2
  }

  /// Refuses a waveform that a model of this family, which looks at `grid`, cannot judge.
  ///
  /// - Throws: ``GestureError`` that says what was found and what was expected.
  func require(_ waveform: Waveform, grid: FeatureGrid, named name: String) throws {
    guard contains(waveform) else {
      throw GestureError.otherWaveform(
        recording: name, found: waveform.summary, expected: summary)
    }
    try grid.requireQuantities(of: waveform, named: name)
  }

  /// What the family is, in a few words.
  public var summary: String {
    let lowest = gigahertz(lowestFrequency)
    let highest = gigahertz(highestFrequency)
    return lowest == highest
      ? "\(kind) at \(lowest) GHz" : "\(kind) from \(lowest) to \(highest) GHz"
  }
}

extension Waveform {
  /// What the waveform is, in a few words.
  var summary: String { "\(kind.rawValue) at \(gigahertz(centerFrequency)) GHz" }
}

/// A frequency in gigahertz with one decimal.
private func gigahertz(_ frequency: Double) -> String {
  let tenths = Int((frequency / 1e8).rounded())
  return "\(tenths / 10).\(tenths % 10)"
}
