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
    } else if path.lowercased().hasSuffix(".wav") {
      self = try WaveHeader(path: path).container(sidecar: sidecar)
    } else {
      return nil
    }
  }

  /// Creates a container from what is known of it.
  init(
    format: RecordingMetadata.Format, facts: [String: JSONValue],
    defaults: [String: JSONValue] = [:], headerBytes: Int,
    trailingBytes: Int = 0, axes: [RecordingAxis]? = nil
  ) {
    self.format = format
    self.facts = facts
    self.defaults = defaults
    self.headerBytes = headerBytes
    self.trailingBytes = trailingBytes
    self.axes = axes
  }
}
