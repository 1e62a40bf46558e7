#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Musl)
  internal import Musl
#elseif canImport(Darwin)
  internal import Darwin
#endif

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
  private var gatherer: PlaneGatherer?
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
        try start(path: paths[opened - 1])
      }
      let count =
        if gatherer != nil {
          gatherer?.read(descriptor, into: &buffer) ?? 0
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

  /// Prepares to read what is in the file that was just opened.
  private mutating func start(path: String) throws(RecordingError) {
    guard let planes else {
      if let member { stream = MemberStream(member, path: path) }
      return
    }
    gatherer = PlaneGatherer(planes)
    guard let member, member.isDeflated else { return }
    // Planes are read here and there, which a deflated member does not allow.
    let inflated = try MemberStream(member, path: path).inflated(descriptor)
    _ = close(descriptor)
    descriptor = inflated.takeDescriptor()
  }

  /// Opens the file at `path`.
  static func open(_ path: String) throws(RecordingError) -> CInt {
    guard path != standardInput else { return STDIN_FILENO }
    _ = try size(of: path)
    let descriptor = openFile(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw .unreadable(path: path, reason: systemReason()) }
    return descriptor
  }
}
