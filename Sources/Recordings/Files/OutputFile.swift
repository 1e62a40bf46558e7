internal import Synchronization

#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Musl)
  internal import Musl
#elseif canImport(Darwin)
  internal import Darwin
#endif

/// A file that has its name only when it is complete.
///
/// Until then it has another one in the same folder, so that however the process ends, what
/// carries the name can be trusted. A file that is not committed is removed.
package struct OutputFile: ~Copyable {
  /// The name of the complete file.
  package let path: String

  /// The bytes written so far.
  package private(set) var byteCount = 0

  /// The SHA-512 of the bytes written so far.
  private(set) var checksum = Checksum()

  private let temporary: String
  private let descriptor: CInt
  private var isCommitted = false

  /// The names that unfinished files of this process have meanwhile.
  private static let unfinished = Mutex<Set<String>>([])

  /// Removes all unfinished files, when the process is about to end.
  package static func discardUnfinished() {
    for name in unfinished.withLock({ $0 }) { _ = unsafe unlink(name) }
  }

  /// Creates a file that shall become the one at `path`.
  ///
  /// - Throws: `RecordingError.unwritable` if the folder does not take it, or if there is a folder
  ///   or a device of that name, which must not be replaced.
  package init(path: String) throws(RecordingError) {
    try Self.requireRoom(for: path)
    let temporary = "\(path).partial-\(UInt32.random(in: 0 ... .max))"
    let descriptor = unsafe open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else { throw .unwritable(path: path, reason: systemReason()) }
    Self.unfinished.withLock { _ = $0.insert(temporary) }
    self.path = path
    self.temporary = temporary
    self.descriptor = descriptor
  }

  /// Refuses a path that no file can have: long work must not end there.
  ///
  /// - Throws: `RecordingError.unwritable` if the folder does not take files, or if there is a folder
  ///   or a device of that name, which must not be replaced.
  package static func requireRoom(for path: String) throws(RecordingError) {
    let place = folder(of: path)
    let reason: String? =
      if ByteSource.isStream(path) {
        "it is a device or a pipe, and would be replaced"
      } else if ByteSource.isFolder(path) {
        "it is a folder"
      } else if unsafe access(place.isEmpty ? "." : place, W_OK) != 0 {
        systemReason()
      } else {
        nil
      }
    if let reason { throw .unwritable(path: path, reason: reason) }
  }

  deinit {
    _ = close(descriptor)
    if !isCommitted { _ = unsafe unlink(temporary) }
    Self.unfinished.withLock { _ = $0.remove(temporary) }
  }

  /// Appends `bytes`.
  ///
  /// - Throws: `RecordingError.unwritable` if the system takes only a part of them.
  package mutating func write(_ bytes: ArraySlice<UInt8>) throws(RecordingError) {
    checksum.update(bytes.span)
    byteCount += bytes.count
    guard systemWrite(descriptor, bytes.span) else {
      throw .unwritable(path: path, reason: systemReason())
    }
  }

  /// Overwrites the start of the file, whose checksum then is that of all its bytes anew.
  ///
  /// - Precondition: The file is at least as long as `bytes`.
  mutating func rewriteStart(_ bytes: [UInt8]) throws(RecordingError) {
    precondition(bytes.count <= byteCount, "only what was written can be overwritten")
    guard systemWrite(descriptor, bytes.span, at: 0) else {
      throw .unwritable(path: path, reason: systemReason())
    }
    var source = ByteSource(paths: [temporary])
    var sum = Checksum()
    while try source.read({ sum.update($0) }) != nil {}
    checksum = sum
  }

  /// Gives the file its name, in place of any file that had it.
  ///
  /// - Throws: `RecordingError.unwritable` if the name cannot be had.
  package mutating func commit() throws(RecordingError) {
    guard unsafe rename(temporary, path) == 0 else {
      throw .unwritable(path: path, reason: systemReason())
    }
    isCommitted = true
  }

  /// Makes the folder at `path`, if there is none.
  static func makeFolder(_ path: String) throws(RecordingError) {
    guard unsafe mkdir(path, 0o755) == 0 || errno == EEXIST else {
      throw .unwritable(path: path, reason: systemReason())
    }
  }

  /// Removes the file at `path`, if there is one.
  static func remove(_ path: String) throws(RecordingError) {
    guard unsafe unlink(path) == 0 || errno == ENOENT else {
      throw .unwritable(path: path, reason: systemReason())
    }
  }
}
