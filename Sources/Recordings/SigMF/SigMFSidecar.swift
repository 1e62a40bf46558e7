internal import Radar

/// The sidecar of a SigMF recording: what it says of its samples, checked.
///
/// The field names are those of SigMF 1.2.5 (`core:`) and of its `radar` extension.
struct SigMFSidecar: Sendable {
  let path: String

  /// The file with the samples, if that is not the one named like the sidecar.
  let dataset: String?

  /// The samples, if they lie in an archive together with the sidecar.
  private let member: FileMember?

  var global: SidecarFields
  let captures: [SidecarFields]
  let annotations: [SidecarFields]

  /// Reads the sidecar at `path`.
  init(path: String) throws(RecordingError) {
    try self.init(JSONValue(contentsOf: path), path: path, member: nil)
  }

  /// Reads the sidecar of the only recording in an archive.
  init(archive file: SampleFiles) throws(RecordingError) {
    let archive = try SigMFArchive(file)
    try self.init(archive.document, path: file.name, member: archive.samples)
  }

  private init(
    _ value: JSONValue, path: String, member: FileMember?
  ) throws(RecordingError) {
    let document = try SidecarFields(value, path: path)
    self.path = path
    self.member = member
    global = try document.object("global")
    captures = try document.objects("captures")
    annotations = try document.objects("annotations")
    dataset = try global.string("core:dataset")
  }

  /// The sidecar of a recording that has none: all is in its own header, and in hints.
  ///
  /// - Throws: `RecordingError` never: the fields are checked when they are used.
  init(withoutFileFor path: String) throws(RecordingError) {
    self.path = path
    global = try SidecarFields(.object([:]), path: path)
    captures = []
    annotations = []
    dataset = nil
    member = nil
  }

  /// What the sidecar says of the samples in `files`.
  ///
  /// - Parameters:
  ///   - files: The files with the samples.
  ///   - hints: What the caller knows.
  /// - Returns: The same in the terms that all formats share.
  /// - Throws: `RecordingError` if it contradicts the samples or itself.
  func metadata(
    files: SampleFiles, hints: RecordingHints
  ) throws(RecordingError) -> RecordingMetadata {
    var agreed = self
    agreed.global = try global.agreeing(
      with: hints.facts, of: RecordingHints.origin, defaults: hints.defaults)
    guard member == nil, let container = try Container(files, sidecar: agreed) else {
      return try agreed.metadata(files: files, container: nil)
    }
    agreed.global = try agreed.global.agreeing(
      with: container.facts, of: files.name, defaults: container.defaults)
    return try agreed.metadata(files: files, container: container)
  }

  private func metadata(
    files: SampleFiles, container: Container?
  ) throws(RecordingError) -> RecordingMetadata {
    let datatype = try datatype()
    let waveform = try waveform(datatype: datatype)
    var encoding = try encoding(datatype: datatype, shape: waveform.shape)
    encoding.packets = files.form.packets
    if let container { try agree(&encoding, with: container) }
    var metadata = RecordingMetadata(
      format: container?.format ?? .sigmf, files: files.names, sidecar: path, waveform: waveform,
      encoding: encoding,
      annotations: [], isLabelled: false, session: try global.string("radar:session"),
      subject: try global.string("radar:subject"),
      summary: try global.string("core:description"), checksum: try checksum())
    metadata.member = container?.member ?? member
    metadata.startTime = try captures.first?.string("core:datetime")
    metadata.remarks = global.remarks(besides: Self.known)
    metadata.origins = try origins(container: container)
    if files.byteCount == nil { metadata.claimedBytes = container?.claimedBytes }
    try metadata.measure(
      byteCount: metadata.member?.byteCount ?? files.byteCount ?? metadata.claimedBytes)
    try label(&metadata)
    return metadata
  }

  private func datatype() throws(RecordingError) -> Datatype {
    let name = try global.require("core:datatype", global.string("core:datatype"))
    guard let datatype = Datatype(name) else {
      throw global.invalid("core:datatype", expected: "a datatype of SigMF such as \"ci16_le\"")
    }
    return datatype
  }

  private func checksum() throws(RecordingError) -> String? {
    guard let checksum = try global.string("core:sha512") else { return nil }
    guard checksum.count == 128, checksum.allSatisfy(\.isHexDigit) else {
      throw global.invalid("core:sha512", expected: "128 hexadecimal digits")
    }
    return checksum.lowercased()
  }
}
