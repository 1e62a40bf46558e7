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

  /// The part of the file that has the header and the samples, if not all of it has.
  var member: FileMember?

  /// The order of the axes, if it is not that of the sidecar.
  var axes: [RecordingAxis]?

  /// What the file at `path` says, and `nil` if it holds nothing but samples.
  ///
  /// - Parameters:
  ///   - path: The file.
  ///   - sidecar: The sidecar, which names the axes of an array.
  /// - Throws: `RecordingError` if the file is not what its name says.
  init?(path: String, sidecar: SigMFSidecar) throws(RecordingError) {
    if path.hasSuffix(".npy") {
      self = try NumPyHeader(path: path).container(sidecar: sidecar)
    } else if path.hasSuffix(".npz") {
      let member = try Self.array(in: path, named: sidecar.arrayName())
      self = try NumPyHeader(path: path, member: member)
        .container(sidecar: sidecar, member: member)
    } else if path.lowercased().hasSuffix(".wav") {
      self = try WaveHeader(path: path).container(sidecar: sidecar)
    } else if path.hasSuffix(".cfile") {
      // Only the ending says so: a sidecar may know better, such as that the numbers are integers.
      self.init(
        format: .softwareRadio, facts: [:], defaults: ["core:datatype": .string("cf32_le")],
        headerBytes: 0)
    } else {
      return nil
    }
  }

  /// Creates a container from what is known of it.
  init(
    format: RecordingMetadata.Format, facts: [String: JSONValue],
    defaults: [String: JSONValue] = [:], headerBytes: Int,
    trailingBytes: Int = 0, member: FileMember? = nil, axes: [RecordingAxis]? = nil
  ) {
    self.format = format
    self.facts = facts
    self.defaults = defaults
    self.headerBytes = headerBytes
    self.trailingBytes = trailingBytes
    self.member = member
    self.axes = axes
  }

  /// The array called `name` in the archive at `path`, or else the only one.
  private static func array(
    in path: String, named name: String?
  ) throws(RecordingError) -> FileMember {
    let arrays = try ZipDirectory(path: path).members.filter { $0.name.hasSuffix(".npy") }
    let fitting = arrays.filter { name == nil || $0.name == "\(name ?? "").npy" }
    guard let array = fitting.first, fitting.count == 1 else {
      let names = arrays.map { $0.name.dropLast(".npy".count) }.joined(separator: ", ")
      throw .invalidField(
        path: path, field: "radar:array", found: name.map { "\"\($0)\"" } ?? "missing",
        expected: "one of \(names.isEmpty ? "none" : names)")
    }
    return array
  }
}
