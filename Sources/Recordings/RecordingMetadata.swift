public import Radar

/// What is known about a recording before its samples are read.
public struct RecordingMetadata: Hashable, Sendable {
  /// The families of files that recordings come in.
  public enum Format: String, CaseIterable, Hashable, Sendable {
    /// Samples with a sidecar of the Signal Metadata Format and its `radar` extension.
    case sigmf = "SigMF"

    /// Samples that a DCA1000 captured, with the command-line profile of the radar.
    case dca1000 = "TI DCA1000"

    /// A NumPy array with a SigMF sidecar.
    case numPy = "NumPy"

    /// Audio of a continuous-wave radar.
    case wave = "WAV"

    /// Interleaved numbers of a software radio.
    case softwareRadio = "GNU Radio"

    /// A folder as the Radar Fusion GUI of Infineon writes it.
    case infineon = "Infineon"
  }

  /// The family of files.
  public var format: Format

  /// The files that hold the samples, in the order of time.
  public var files: [String]

  /// The file that says what the samples are: the samples themselves if they need no other.
  public var sidecar: String

  /// What the radar transmitted and how it sampled the echo.
  public var waveform: Waveform

  /// How the samples lie in the bytes.
  public var encoding: SampleEncoding

  /// The gestures that someone marked, in the order of the sidecar: the rest is background.
  public var annotations: [Annotation]

  /// Whether someone looked for gestures, and marked them or declared the whole background.
  public var isLabelled: Bool

  /// The session in which the recording was made, and `nil` if unknown.
  public var session: String?

  /// The person whose gestures were recorded, and `nil` if unknown.
  public var subject: String?

  /// What the recording says about itself in prose, and `nil` if nothing.
  public var summary: String?

  /// The number of frames, and `nil` for a stream whose end is unknown.
  public var frameCount: Int?

  /// The time from the first frame to the end of the last in seconds, and `nil` for a stream whose
  /// end is unknown.
  public var duration: Double?

  /// The SHA-512 of the files in hexadecimal, and `nil` if the sidecar gives none.
  public var checksum: String?

  /// When the recording began, as its sidecar writes it, and `nil` if unknown.
  public var startTime: String?

  /// What else the sidecar says in words, such as the author, by the name of the field.
  public var remarks: [String: String] = [:]

  /// The chirps that were lost before the recording was written, in order.
  public var lostChirps: [Range<Int>] = []

  /// Where each fact comes from.
  public var origins: [RecordingFact: String] = [:]

  /// The part of the only file that holds the samples, if not all of it does.
  var member: FileMember?

  /// The length of a stream by its own header, which its end must agree with, and `nil` if it has
  /// none.
  var claimedBytes: Int?

  /// The path that opens this recording again.
  public var path: String {
    sidecar.hasSuffix(".sigmf-meta") ? sidecar : files.first ?? sidecar
  }
}

extension RecordingMetadata {
  /// The label that declares a recording, or a part of one, to be without a gesture.
  public static let backgroundLabel = "background"
}
