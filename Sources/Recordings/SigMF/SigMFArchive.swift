/// A SigMF archive: a tar file with a sidecar and the samples it speaks of.
struct SigMFArchive: Sendable {
  /// The sidecar.
  let document: JSONValue

  /// The samples.
  let samples: FileMember

  /// Reads the directory and the sidecar of the archive in `file`.
  ///
  /// - Throws: `RecordingError` if it does not hold exactly one recording.
  init(_ file: SampleFiles) throws(RecordingError) {
    let path = file.name
    let members = try TarDirectory(file).members
    let sidecars = members.filter { $0.name.hasSuffix(".sigmf-meta") }
    guard let sidecar = sidecars.first, sidecars.count == 1 else {
      let names = sidecars.isEmpty ? "none" : sidecars.map(\.name).joined(separator: ", ")
      throw .malformedSidecar(
        path: path, reason: "an archive must hold one recording to be read as one: it has \(names)")
    }
    let limit = 16 << 20
    guard sidecar.byteCount <= limit else {
      throw .malformedFile(
        path: path, offset: sidecar.offset,
        reason: "\(sidecar.name) has \(sidecar.byteCount) bytes, more than \(limit)")
    }
    let name = String(sidecar.name.dropLast(".sigmf-meta".count)) + ".sigmf-data"
    guard let samples = members.last(where: { $0.name == name }) else {
      throw .malformedSidecar(path: path, reason: "the archive lacks \(name)")
    }
    let bytes = try file.bytes(at: sidecar.offset, count: sidecar.byteCount)
    document = try JSONValue(bytes, path: path)
    self.samples = samples
    guard samples.byteCount > 0 else { throw .emptyFile(path: name) }
  }
}
