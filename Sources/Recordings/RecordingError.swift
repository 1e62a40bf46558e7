/// What is wrong with a recording, its sidecar or a data set.
///
/// The description of each case is one sentence with the numbers of both sides.
public enum RecordingError: Error, Hashable, Sendable {
  /// There is no file at `path`.
  case missingFile(path: String)

  /// The recording at `path` is a folder.
  case folder(path: String)

  /// The file at `path` holds nothing.
  case emptyFile(path: String)

  /// The system cannot read `path`.
  case unreadable(path: String, reason: String)

  /// The system cannot write `path`.
  case unwritable(path: String, reason: String)

  /// No file says what the samples in `path` are.
  case missingSidecar(path: String, candidates: [String])

  /// A sidecar cannot be parsed.
  case malformedSidecar(path: String, reason: String)

  /// A file with a header or a directory of its own is damaged at byte `offset`.
  case malformedFile(path: String, offset: Int, reason: String)

  /// A sidecar lacks something that its recording needs.
  case missingField(path: String, field: String)

  /// A sidecar says something that is impossible, unknown, or contradicts another field.
  case invalidField(path: String, field: String, found: String, expected: String)

  /// A frame would take more memory than is reasonable.
  case oversizedFrame(bytes: Double, limit: Int)

  /// The samples end inside a frame, or between the numbers of a sample.
  ///
  /// The whole frames end at byte `offset`. After it follow `found` bytes instead of `expected`.
  case partialFrame(offset: Int, frames: Int, found: Int, expected: Int)

  /// The recording is shorter than its sidecar says: `found` bytes instead of `expected`.
  case shortFile(found: Int, expected: Int)

  /// Packet `number` has a header that cannot be.
  case malformedPacket(number: Int, found: Int, expected: Int)

  /// More bytes were lost between two packets than a damaged cable loses.
  case implausibleLoss(offset: Int, found: Int, limit: Int)

  /// The recording should consist of packets, but has none.
  case noPackets(bytes: Int)

  /// A sample of a frame is infinite or not a number.
  case notFinite(frame: Int)

  /// The SHA-512 of the samples is not the one in the sidecar.
  case wrongChecksum(path: String, found: String, expected: String)

  /// None of the recordings in a folder has a label.
  case unlabelledDataSet(path: String, recordings: Int)
}

extension RecordingError: CustomStringConvertible {
  /// One sentence in lower case, without a full stop.
  public var description: String {
    // What is quoted comes from anywhere, and must not break the line.
    String(sentence.map { $0.isNewline ? " " : $0 })
  }

  private var sentence: String {
    switch self {
    case .missingFile(let path): "there is no file \(path)"
    case .folder(let path): "\(path) is a folder, not a recording"
    case .emptyFile(let path): "\(path) is empty: it has 0 bytes"
    case .unreadable(let path, let reason): "cannot read \(path): \(reason)"
    case .unwritable(let path, let reason): "cannot write \(path): \(reason)"
    case .missingSidecar(let path, let candidates):
      "\(path) has no sidecar: looked for \(candidates.joined(separator: ", "))"
    case .malformedSidecar(let path, let reason): "cannot understand \(path): \(reason)"
    case .malformedFile(let path, let offset, let reason):
      "\(path) is damaged at byte \(offset): \(reason)"
    case .missingField(let path, let field): "\(path) lacks \(field)"
    case .invalidField(let path, let field, let found, let expected):
      "\(path): \(field) is \(found), not \(expected)"
    case .oversizedFrame(let bytes, let limit):
      "a frame takes \(bytes.quoted) bytes, more than the limit of \(limit)"
    case .partialFrame(let offset, let frames, let found, let expected):
      "the recording ends inside a frame: after \(frames) whole frames, at byte \(offset),"
        + " there are \(found) bytes left of the \(expected) that a frame takes"
    case .shortFile(let found, let expected):
      "the recording has \(found) bytes, but its sidecar speaks of at least \(expected)"
    case .malformedPacket(let number, let found, let expected):
      "the header of packet \(number) says \(found) where \(expected) is usual"
    case .implausibleLoss(let offset, let found, let limit):
      "the packet after byte \(offset) says that \(found) bytes were lost, more than the limit of"
        + " \(limit)"
    case .noPackets(let bytes):
      "there are no packets for port \(NetworkCapture.dataPort) in \(bytes) bytes"
    case .notFinite(let frame): "frame \(frame) has a sample that is infinite or not a number"
    case .wrongChecksum(let path, let found, let expected):
      "the SHA-512 of \(path) is \(found), not \(expected) as in its sidecar"
    case .unlabelledDataSet(let path, let recordings):
      "\(path) is no data set: none of its \(recordings) recordings has a label"
    }
  }
}
