/// What a file says of its own samples, before any sidecar does.
struct Container: Sendable {
  /// The family of files.
  var format: RecordingMetadata.Format

  /// The fields that a SigMF sidecar would need: it may leave them out, but not contradict them.
  var facts: [String: JSONValue]

  /// The fields that a sidecar may leave out, but may also say differently.
  var defaults: [String: JSONValue] = [:]

  /// The bytes before the first sample.
  var headerBytes: Int

  /// The bytes after the last sample.
  var trailingBytes = 0

  /// The length of the file by its header, and `nil` if that does not tell it.
  var claimedBytes: Int?

  /// The part of the file that has the header and the samples, if not all of it has.
  var member: FileMember?

  /// The order of the axes, if it is not that of the sidecar.
  var axes: [RecordingAxis]?

  /// What a file says, and `nil` if it holds nothing but samples.
  ///
  /// - Parameters:
  ///   - file: The file.
  ///   - sidecar: The sidecar, which names the axes of an array.
  /// - Throws: `RecordingError` if the file is not of its form.
  init?(_ file: SampleFiles, sidecar: SigMFSidecar) throws(RecordingError) {
    switch file.form {
    case .array: self = try NumPyHeader(file).container(sidecar: sidecar)
    case .arrayArchive:
      let member = try Self.array(in: file, named: sidecar.arrayName())
      self = try NumPyHeader(file, member: member).container(sidecar: sidecar, member: member)
    case .wave: self = try WaveHeader(file).container(sidecar: sidecar)
    case .softwareRadio:
      // Only the ending says so: a sidecar may know better, such as that the numbers are integers.
      self.init(
        format: .softwareRadio, facts: [:], defaults: ["core:datatype": .string("cf32_le")],
        headerBytes: 0)
    default: return nil
    }
  }

  /// Creates a container from what is known of it.
  init(
    format: RecordingMetadata.Format, facts: [String: JSONValue],
    defaults: [String: JSONValue] = [:], headerBytes: Int,
    trailingBytes: Int = 0, claimedBytes: Int? = nil, member: FileMember? = nil,
    axes: [RecordingAxis]? = nil
  ) {
    self.format = format
    self.facts = facts
    self.defaults = defaults
    self.headerBytes = headerBytes
    self.trailingBytes = trailingBytes
    self.claimedBytes = claimedBytes
    self.member = member
    self.axes = axes
  }

  /// The array called `name` in an archive, or else the only one.
  private static func array(
    in file: SampleFiles, named name: String?
  ) throws(RecordingError) -> FileMember {
    let arrays = try ZipDirectory(file).members.filter { $0.name.hasSuffix(".npy") }
    let fitting = arrays.filter { name == nil || $0.name == "\(name ?? "").npy" }
    guard let array = fitting.first, fitting.count == 1 else {
      let names = arrays.map { $0.name.dropLast(".npy".count) }.joined(separator: ", ")
      throw .invalidField(
        path: file.name, field: "radar:array", found: name.map { "\"\($0)\"" } ?? "missing",
        expected: "one of \(names.isEmpty ? "none" : names)")
    }
    return array
  }
}
