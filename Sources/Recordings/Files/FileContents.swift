#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Musl)
  internal import Musl
#elseif canImport(Darwin)
  internal import Darwin
#endif

extension ByteSource {
  /// The length of the file at `path` in bytes, and `nil` if it is a stream whose end is unknown.
  ///
  /// - Throws: `RecordingError` if there is no file, or a folder.
  static func size(of path: String) throws(RecordingError) -> Int? {
    guard path != standardInput else { return nil }
    var status = stat()
    guard unsafe stat(path, &status) == 0 else {
      guard errno == ENOENT else { throw .unreadable(path: path, reason: systemReason()) }
      throw .missingFile(path: path)
    }
    switch status.st_mode & S_IFMT {
    case S_IFDIR: throw .folder(path: path)
    case S_IFREG: return Int(status.st_size)
    default: return nil
    }
  }

  /// Whether there is something else than a file or a folder at `path`, such as a pipe.
  static func isStream(_ path: String) -> Bool {
    var status = stat()
    guard unsafe stat(path, &status) == 0 else { return false }
    return ![S_IFDIR, S_IFREG].contains(status.st_mode & S_IFMT)
  }

  /// Whether there is a folder at `path`.
  static func isFolder(_ path: String) -> Bool {
    var status = stat()
    return unsafe stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
  }

  /// Whether something can be read at `path`.
  static func exists(_ path: String) -> Bool { unsafe access(path, F_OK) == 0 }

  /// The `count` bytes from `offset` on of the file at `path`.
  ///
  /// - Throws: `RecordingError` if there are not so many.
  static func bytes(
    of path: String, at offset: Int, count: Int
  ) throws(RecordingError) -> [UInt8] {
    let descriptor = try open(path)
    defer { _ = close(descriptor) }
    var bytes = [UInt8](repeating: 0, count: count)
    guard count > 0 else { return bytes }
    let found = systemRead(descriptor, into: &bytes, at: offset)
    guard found >= 0 else { throw .unreadable(path: path, reason: systemReason()) }
    guard found == count else { throw .shortFile(found: offset + found, expected: offset + count) }
    return bytes
  }

  /// The first `count` bytes of the file at `path`, or all of them if there are not so many.
  static func prefix(
    of path: String, member: FileMember? = nil, count: Int
  ) throws(RecordingError) -> [UInt8] {
    var source = ByteSource(paths: [path], member: member, pieceBytes: 1 << 14)
    var bytes: [UInt8] = []
    while bytes.count < count,
      try source.read({ piece in
        unsafe piece.withUnsafeBytes { unsafe bytes.append(contentsOf: $0) }
      }) != nil
    {}
    return Array(bytes.prefix(count))
  }

  /// All bytes of a small file, such as a sidecar.
  ///
  /// - Throws: `RecordingError` if it cannot be read, or is not small.
  static func contents(of path: String) throws(RecordingError) -> [UInt8] {
    let limit = 16 << 20
    var source = ByteSource(paths: [path], pieceBytes: 1 << 14)
    var bytes: [UInt8] = []
    while try source.read({ piece in
      unsafe piece.withUnsafeBytes { unsafe bytes.append(contentsOf: $0) }
    }) != nil {
      guard bytes.count <= limit else {
        throw .malformedSidecar(path: path, reason: "it is longer than \(limit) bytes")
      }
    }
    return bytes
  }
}
