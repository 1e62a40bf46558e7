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

  /// A file ends before its header does: `found` bytes instead of at least `expected`.
  case shortHeader(path: String, found: Int, expected: Int)

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

  /// The recording goes on after its end by its header: `found` bytes instead of `expected`.
  case longFile(found: Int, expected: Int)

  /// The packet at byte `offset` has a header that cannot be.
  case malformedPacket(number: Int, offset: Int, found: Int, expected: Int)

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
    case .missingFile(let path): "there is no file \(path.quotedPath)"
    case .folder(let path): "\(path.quotedPath) is a folder, not a recording"
    case .emptyFile(let path): "\(path.quotedPath) is empty: it has 0 bytes"
    case .unreadable(let path, let reason): "cannot read \(path.quotedPath): \(reason)"
    case .unwritable(let path, let reason): "cannot write \(path.quotedPath): \(reason)"
    case .missingSidecar(let path, let candidates):
      "\(path.quotedPath) has no sidecar: "
        + (candidates.isEmpty
          ? "none was given" : "looked for \(candidates.joined(separator: ", "))")
    case .malformedSidecar(let path, let reason): "cannot understand \(path.quotedPath): \(reason)"
    case .malformedFile(let path, let offset, let reason):
      "\(path.quotedPath) is damaged at byte \(offset): \(reason)"
    case .shortHeader(let path, let found, let expected):
      "\(path.quotedPath) has \(found) bytes, but its header alone reaches to byte \(expected)"
    case .missingField(let path, let field): "\(path.quotedPath) lacks \(field)"
    case .invalidField(let path, let field, let found, let expected):
      "\(path.quotedPath): \(field) is \(found), not \(expected)"
    case .oversizedFrame(let bytes, let limit):
      "a frame takes \(bytes.quoted) bytes, more than the limit of \(limit)"
    case .partialFrame(let offset, let frames, let found, let expected):
      "the recording ends inside a frame: after \(frames) whole frames, at byte \(offset),"
        + " there are \(found) bytes left of the \(expected) that a frame takes"
    case .shortFile(let found, let expected):
      "the recording has \(found) bytes, but its header or sidecar speaks of at least \(expected)"
    case .longFile(let found, let expected):
      "the recording has \(found) bytes, but ends at byte \(expected) by its header"
    case .malformedPacket(let number, let offset, let found, let expected):
      "the header of packet \(number) at byte \(offset) says \(found) where \(expected) is usual"
    case .implausibleLoss(let offset, let found, let limit):
      "the packet after byte \(offset) says that \(found) bytes were lost, more than the limit of"
        + " \(limit)"
    case .noPackets(let bytes):
      "there are no packets for port \(NetworkCapture.dataPort) in \(bytes) bytes"
    case .notFinite(let frame): "frame \(frame) has a sample that is infinite or not a number"
    case .wrongChecksum(let path, let found, let expected):
      "the SHA-512 of \(path.quotedPath) is \(found), not \(expected) as in its sidecar"
    case .unlabelledDataSet(let path, let recordings):
      "\(path.quotedPath) is no data set: none of its \(recordings) recordings has a label"
    }
  }
}

extension String {
  /// The path as messages call it.
  fileprivate var quotedPath: String {
    self == ByteSource.standardInput ? "standard input" : self
  }
}
