/// What the samples of a chirped radar say about their own layout.
///
/// In the right layout the echo of a target is one tone on one side of the range spectrum. In any
/// other its numbers are shuffled: the tone falls apart into several, or stands on the other side.
public struct LayoutEvidence: Hashable, Sendable {
  /// How sure a finding is.
  public enum Certainty: String, Hashable, Sendable {
    /// The evidence points one way.
    case sure

    /// The evidence favours it.
    case likely

    /// There is too little to tell.
    case notSure = "not sure"
  }

  /// A layout and what speaks for it.
  public struct Candidate: Hashable, Sendable {
    /// The layout.
    public var layout: SampleLayout

    /// How much better than noise the range spectrum predicts a chirp, in nats.
    public var gain: Double

    /// The share of the echoes' power at less than half the range that the axis ends at, from zero
    /// to one, and `nil` for real samples or without echoes.
    public var nearShare: Double?
  }

  /// The candidates, the best first.
  public var candidates: [Candidate]

  /// How sure the best candidate is.
  public var certainty: Certainty

  /// The layout by the sidecar.
  public var stated: SampleLayout

  /// The coherence of the strongest echo between receivers in the best layout, from zero to one,
  /// and `nil` with one receiver.
  public var receiverCoherence: Double?

  /// How much worse samples are predicted from before the border of two receivers than within one,
  /// as a ratio of powers, and `nil` where it was not needed.
  ///
  /// Near one there is no border: what was taken for receivers is one signal.
  public var borderExcess: Double?

  /// The correlation of a chirp with the next one, from minus one to one.
  public var chirpCorrelation: Double

  /// Why nothing could be found out, and `nil` if something could.
  public var obstacle: String?

  /// The layout that the samples speak for, and `nil` if it is not sure.
  public var found: SampleLayout? { certainty == .notSure ? nil : candidates.first?.layout }

  /// Whether the samples surely speak against the sidecar.
  public var contradictsSidecar: Bool { certainty == .sure && found != stated }

  /// The evidence in sentences.
  public var sentences: [String] {
    if let obstacle { return ["not sure: \(obstacle)"] }
    guard let best = candidates.first else { return ["not sure: there is no candidate"] }
    let second = candidates.first {
      $0.layout != best.layout && $0.layout != best.layout.mirrored
    }
    var sentences = ["\(certainty.rawValue): \(found?.description ?? "the layout cannot be told")"]
    let gain = best.gain.quoted(decimals: 1)
    sentences.append(
      "range spectrum: \(best.layout) predicts a chirp \(gain) nats better than noise does"
        + (second.map { ", next \($0.layout) \($0.gain.quoted(decimals: 1))" } ?? ""))
    if let share = best.nearShare {
      sentences.append(
        "side: \((100 * share).quoted(decimals: 1)) % of the echoes' power is nearer than half the"
          + " range; with I and Q exchanged it would be the rest")
    }
    if let receiverCoherence {
      sentences.append(
        "coherence between receivers at the strongest echo: \(receiverCoherence.quoted(decimals: 3))"
      )
    }
    if let borderExcess {
      sentences.append(
        "borders of receivers: samples are predicted \(borderExcess.quoted(decimals: 2)) times worse"
          + " over them than within")
    }
    sentences.append(
      "correlation from chirp to chirp: \(chirpCorrelation.quoted(decimals: 3))")
    sentences.append(
      contradictsSidecar
        ? "the sidecar says otherwise: \(stated)"
        : found == stated
          ? "the sidecar agrees"
          : "the"
            + " sidecar says: \(stated)")
    return sentences
  }
}

extension Double {
  /// The number with so many decimals, as text.
  func quoted(decimals: Int) -> String {
    guard isFinite, abs(self) < 1e12 else { return String(self) }
    var scale = 1.0
    for _ in 0..<decimals { scale *= 10 }
    let count = Int((abs(self) * scale).rounded())
    let digits = String(count)
    let padded = String(repeating: "0", count: max(decimals + 1 - digits.count, 0)) + digits
    let sign = self < 0 && count > 0 ? "-" : ""
    return decimals == 0
      ? sign + digits : sign + padded.dropLast(decimals) + "." + padded.suffix(decimals)
  }
}
