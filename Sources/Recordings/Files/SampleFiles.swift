/// The files with the samples of a recording, as far as one can look into them before samples are
/// read: of a stream only the start is at hand.
struct SampleFiles: Sendable {
  /// What people call them, in the order of time.
  let names: [String]

  /// What they hold besides samples.
  let form: RecordingForm

  /// The length of all of them together, and `nil` for a stream whose end is not known.
  let byteCount: Int?

  /// Where the first one can be opened, and `nil` for a stream.
  let location: String?

  /// The start of a stream, and whether that is all of it.
  private let start: [UInt8]
  private let isWhole: Bool

  /// What people call the first one.
  var name: String { names.first ?? "" }

  /// Creates the files at `paths`, whose names say what they hold.
  ///
  /// - Throws: `RecordingError` if one of them is not there, or empty.
  init(paths: [String]) throws(RecordingError) {
    var total: Int? = 0
    for path in paths {
      let size = try ByteSource.size(of: path)
      guard size != 0 else { throw .emptyFile(path: path) }
      total = total.flatMap { total in size.map { total + $0 } }
    }
    names = paths
    form = paths.first.map { RecordingForm(path: $0) } ?? .samples
    byteCount = total
    location = total == nil ? nil : paths.first
    start = []
    isWhole = false
  }

  /// Creates a stream of which the first bytes are at hand.
  init(name: String, form: RecordingForm, start: [UInt8], isWhole: Bool) {
    names = [name]
    self.form = form
    byteCount = isWhole ? start.count : nil
    location = nil
    self.start = start
    self.isWhole = isWhole
  }

  /// Creates a stream all of whose bytes were put into a file.
  init(name: String, form: RecordingForm, spool: borrowing TemporaryFile) {
    names = [name]
    self.form = form
    byteCount = spool.byteCount
    location = spool.path
    start = []
    isWhole = true
  }

  /// Whether the start of the samples can be looked at.
  var isOpen: Bool { location != nil || isWhole || !start.isEmpty }

  /// The `count` bytes from `offset` on of the first file, or of a member of it.
  ///
  /// - Throws: `RecordingError.shortHeader` if there are not so many, or not yet.
  func bytes(
    at offset: Int, count: Int, of member: FileMember? = nil
  ) throws(RecordingError) -> [UInt8] {
    let end = offset + count
    let size = member?.byteCount ?? (location == nil ? start.count : byteCount ?? 0)
    guard end <= size else { throw .shortHeader(path: name, found: size, expected: end) }
    guard let location else { return Array(start[offset..<end]) }
    guard let member, member.isDeflated else {
      return try ByteSource.bytes(of: location, at: (member?.offset ?? 0) + offset, count: count)
    }
    let prefix = try ByteSource.prefix(of: location, member: member, count: end)
    guard prefix.count == end else {
      throw .shortHeader(path: name, found: prefix.count, expected: end)
    }
    return Array(prefix[offset...])
  }

  /// The start of the first file, up to `count` bytes of it.
  func prefix(_ count: Int) throws(RecordingError) -> [UInt8] {
    guard let location else { return Array(start.prefix(count)) }
    return try ByteSource.prefix(of: location, count: count)
  }
}
