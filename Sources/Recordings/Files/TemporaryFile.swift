#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Musl)
  internal import Musl
#elseif canImport(Darwin)
  internal import Darwin
#endif

/// A file without a name, for bytes that are too many for memory: it is gone when it is closed.
@safe
struct TemporaryFile: ~Copyable {
  /// The open file.
  let descriptor: CInt

  /// The bytes written so far.
  private(set) var byteCount = 0

  /// Creates an empty file in the folder that the system has for them.
  ///
  /// - Throws: `RecordingError.unwritable` if the folder does not take it.
  init() throws(RecordingError) {
    var name = Array((Self.folder + "/radar-XXXXXX").utf8CString)
    descriptor = unsafe mkstemp(&name)
    guard descriptor >= 0 else { throw Self.unwritable() }
    _ = unsafe unlink(name)
    _ = setFlags(descriptor, FD_CLOEXEC)
  }

  deinit { _ = close(descriptor) }

  /// Where the file can be opened once more, as long as it is open.
  var path: String { "/dev/fd/\(descriptor)" }

  /// Appends `bytes`.
  ///
  /// - Throws: `RecordingError.unwritable` if the system takes only a part of them.
  mutating func append(_ bytes: Span<UInt8>) throws(RecordingError) {
    guard systemWrite(descriptor, bytes) else { throw Self.unwritable() }
    byteCount += bytes.count
  }

  /// Hands over the open file, for somebody else to close.
  consuming func takeDescriptor() -> CInt {
    let descriptor = descriptor
    discard self
    return descriptor
  }

  private static var folder: String {
    let named = unsafe getenv("TMPDIR").map { unsafe String(cString: $0) } ?? ""
    return named.isEmpty ? "/tmp" : named
  }

  private static func unwritable() -> RecordingError {
    .unwritable(path: "a temporary file in \(folder)", reason: systemReason())
  }
}
