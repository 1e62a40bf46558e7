#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Musl)
  internal import Musl
#elseif canImport(Darwin)
  internal import Darwin
#endif

/// A file whose frames are cut up: each of some axes lies outside of that of frames.
struct Planes: Hashable, Sendable {
  /// The bytes before the first plane.
  var offset: Int

  /// The planes in the file.
  var count: Int

  /// The units in a plane: frames, or samples of a continuous wave.
  var units: Int

  /// The bytes of a unit in one plane.
  var unitBytes: Int

  /// The bytes of a unit in all planes.
  var bytesPerFrame: Int { count * unitBytes }
}

/// Files that are read one after another as one stream, a piece at a time.
///
/// The stream owns an open file, so it is moved and never copied.
@safe
struct ByteSource: ~Copyable {
  /// The path that means standard input.
  static let standardInput = "-"

  private let paths: [String]
  private let member: FileMember?
  private let planes: Planes?
  private var stream: MemberStream?
  private var unitsRead = 0
  private var opened = 0
  private var descriptor: CInt = -1
  private var buffer: [UInt8]

  /// Creates a stream of files.
  ///
  /// - Parameters:
  ///   - paths: The files in the order of time.
  ///   - member: The part of the only file to read, if not all of it.
  ///   - planes: How to gather frames from planes, if there are any.
  ///   - pieceBytes: The most bytes to read at once.
  init(
    paths: [String], member: FileMember? = nil, planes: Planes? = nil, pieceBytes: Int = 1 << 16
  ) {
    buffer = Array(repeating: 0, count: pieceBytes)
    self.paths = paths
    self.member = member
    self.planes = planes
  }

  deinit {
    if descriptor > STDIN_FILENO { _ = close(descriptor) }
  }

  /// Hands the next bytes to `body`.
  ///
  /// - Returns: What `body` returns, and `nil` at the end of the last file.
  mutating func read<Result>(
    _ body: (Span<UInt8>) throws(RecordingError) -> Result
  ) throws(RecordingError) -> Result? {
    while true {
      if descriptor < 0 {
        guard opened < paths.count else { return nil }
        descriptor = try Self.open(paths[opened])
        opened += 1
        if planes == nil, let member { stream = MemberStream(member, path: paths[opened - 1]) }
      }
      let count =
        if let planes {
          gather(planes)
        } else if stream != nil {
          try stream?.read(descriptor, into: &buffer) ?? 0
        } else {
          systemRead(descriptor, into: &buffer)
        }
      guard count >= 0 else {
        throw .unreadable(path: paths[opened - 1], reason: systemReason())
      }
      if count > 0 { return try body(buffer.span.extracting(first: count)) }
      if descriptor > STDIN_FILENO { _ = close(descriptor) }
      descriptor = -1
    }
  }

  /// Fills the buffer with units in their order from all planes.
  ///
  /// - Returns: The number of bytes, and less than zero if the system failed.
  private mutating func gather(_ planes: Planes) -> Int {
    let units = min(max(buffer.count / planes.bytesPerFrame, 1), planes.units - unitsRead)
    var gathered = [UInt8](repeating: 0, count: units * planes.bytesPerFrame)
    var piece = [UInt8](repeating: 0, count: units * planes.unitBytes)
    for plane in 0..<planes.count {
      let first = plane * planes.units + unitsRead
      let count = systemRead(
        descriptor, into: &piece, at: planes.offset + first * planes.unitBytes)
      guard count == piece.count else { return -1 }
      for unit in 0..<units {
        let target = (unit * planes.count + plane) * planes.unitBytes
        for byte in 0..<planes.unitBytes {
          gathered[target + byte] = piece[unit * planes.unitBytes + byte]
        }
      }
    }
    unitsRead += units
    buffer.replaceSubrange(..<min(gathered.count, buffer.count), with: gathered)
    return gathered.count
  }

  private static func open(_ path: String) throws(RecordingError) -> CInt {
    guard path != standardInput else { return STDIN_FILENO }
    _ = try size(of: path)
    let descriptor = openFile(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw .unreadable(path: path, reason: systemReason()) }
    return descriptor
  }
}

// MARK: - Files

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

  /// The length of the file at `path`, or of the member of it.
  static func size(of path: String, member: FileMember?) throws(RecordingError) -> Int? {
    guard let member else { return try size(of: path) }
    return member.byteCount
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

/// What the system says about the last call that failed.
func systemReason() -> String {
  guard let text = unsafe strerror(errno) else { return "error \(errno)" }
  return unsafe String(cString: text).lowercased()
}

/// Opens a file: a name of its own, because the system's takes any number of arguments.
private func openFile(_ path: String, _ flags: CInt) -> CInt {
  unsafe open(path, flags)
}

/// Reads what is there, or from `offset` on as much as there is room for.
///
/// - Returns: The number of bytes, zero at the end, and less than zero if the system failed.
func systemRead(
  _ descriptor: CInt, into buffer: inout [UInt8], at offset: Int? = nil, limit: Int = .max
) -> Int {
  unsafe buffer.withUnsafeMutableBytes { memory in
    let memory = unsafe UnsafeMutableRawBufferPointer(rebasing: memory.prefix(limit))
    guard unsafe !memory.isEmpty else { return 0 }
    var filled = 0
    while true {
      let rest = unsafe UnsafeMutableRawBufferPointer(rebasing: memory[filled...])
      let count =
        if let offset {
          unsafe pread(descriptor, rest.baseAddress, rest.count, off_t(offset + filled))
        } else {
          unsafe read(descriptor, rest.baseAddress, rest.count)
        }
      if count < 0, errno == EINTR { continue }
      guard count >= 0 else { return -1 }
      filled += count
      if offset == nil || count == 0 || filled == memory.count { return filled }
    }
  }
}
