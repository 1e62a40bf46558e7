#if canImport(FoundationEssentials)
  internal import FoundationEssentials
#else
  internal import Foundation
#endif
#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Musl)
  internal import Musl
#elseif canImport(Darwin)
  internal import Darwin
#endif

extension CodeArchive {
  /// Reads the archive at `path`.
  ///
  /// - Throws: ``CodeArchiveError`` if it cannot be read, or is no archive.
  public init(path: String) throws(CodeArchiveError) {
    guard let data = try? Data(contentsOf: URL(fileURLWithPath: path)) else {
      throw .unreadable(path)
    }
    try self.init(bytes: [UInt8](data), path: path)
  }

  /// Adds gestures to the archive at `path`, which is created if there is none.
  ///
  /// Another process that adds to the same file waits its turn. When the call returns, the records
  /// are on the disk; if the machine stops before, the file holds all that it held, and some of the
  /// new ones.
  ///
  /// - Parameters:
  ///   - entries: The gestures.
  ///   - path: The file.
  ///   - bitCount: The bits of each code.
  ///   - model: The fingerprint of the model that made the codes.
  /// - Returns: The number of gestures in the archive now.
  /// - Throws: ``CodeArchiveError`` if it cannot be written, or holds codes of another model.
  @discardableResult
  public static func append(
    _ entries: [Entry], to path: String, bitCount: Int, model: UInt64
  ) throws(CodeArchiveError) -> Int {
    let file = try ArchiveFile(path: path)
    let bytes = try file.contents()
    var archive = CodeArchive(bitCount: bitCount, model: model)
    // A file that ends within the header was being created: it holds nothing yet.
    if bytes.count < headerLength, bytes.elementsEqual(archive.header.prefix(bytes.count)) {
      try file.truncate(to: 0)
      try file.write(archive.header)
    } else {
      let found = try CodeArchive(bytes: bytes, path: path)
      guard found.bitCount == bitCount, found.model == model else {
        throw .otherModel(path, bits: found.bitCount, expected: bitCount)
      }
      archive = found
      if found.tornBytes > 0 { try file.truncate(to: bytes.count - found.tornBytes) }
    }
    for entry in entries { try file.write(record(of: entry)) }
    try file.synchronize()
    return archive.entries.count + entries.count
  }
}

/// A file that only this process may change while it is open.
private struct ArchiveFile: ~Copyable {
  private let path: String
  private let descriptor: CInt

  init(path: String) throws(CodeArchiveError) {
    descriptor = unsafe open(path, O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, 0o644)
    self.path = path
    guard descriptor >= 0, flock(descriptor, LOCK_EX) == 0 else { throw .unwritable(path) }
  }

  deinit { if descriptor >= 0 { _ = close(descriptor) } }

  borrowing func contents() throws(CodeArchiveError) -> [UInt8] {
    guard let data = try? Data(contentsOf: URL(fileURLWithPath: path)) else {
      throw .unreadable(path)
    }
    return [UInt8](data)
  }

  borrowing func truncate(to length: Int) throws(CodeArchiveError) {
    guard ftruncate(descriptor, off_t(length)) == 0 else { throw .unwritable(path) }
  }

  borrowing func write(_ bytes: [UInt8]) throws(CodeArchiveError) {
    var written = 0
    while written < bytes.count {
      let count = unsafe bytes.withUnsafeBytes { memory in
        let rest = unsafe UnsafeRawBufferPointer(rebasing: memory[written...])
        #if canImport(Glibc)
          return unsafe Glibc.write(descriptor, rest.baseAddress, rest.count)
        #elseif canImport(Musl)
          return unsafe Musl.write(descriptor, rest.baseAddress, rest.count)
        #else
          return unsafe Darwin.write(descriptor, rest.baseAddress, rest.count)
        #endif
      }
      guard count >= 0 || errno == EINTR else { throw .unwritable(path) }
      written += max(count, 0)
    }
  }

  borrowing func synchronize() throws(CodeArchiveError) {
    guard fsync(descriptor) == 0 else { throw .unwritable(path) }
  }
}

/// Why an archive of codes cannot be read or added to.
public enum CodeArchiveError: Error, Equatable, Sendable {
  /// The file cannot be opened.
  case unreadable(String)

  /// The file cannot be written.
  case unwritable(String)

  /// The file does not begin like an archive.
  case foreign(String)

  /// The header, or a record that is not the last one, is not what was written.
  case damaged(String, offset: Int)

  /// The codes are those of another model.
  case otherModel(String, bits: Int, expected: Int)
}

extension CodeArchiveError: CustomStringConvertible {
  /// One sentence with the facts on both sides.
  public var description: String {
    switch self {
    case .unreadable(let path): "\(path) cannot be read"
    case .unwritable(let path): "\(path) cannot be written"
    case .foreign(let path): "\(path) does not begin like an archive of codes"
    case .damaged(let path, let offset):
      "\(path) is damaged: what is written at byte \(offset) contradicts its checksum"
    case .otherModel(let path, let bits, let expected):
      "\(path) holds codes of \(bits) bits of another model, and this one makes codes of"
        + " \(expected) bits"
    }
  }
}
