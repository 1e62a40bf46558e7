internal import CZlib
public import Radar

/// Writes frames as a recording: samples in one of several forms, and a SigMF sidecar with their
/// checksum.
///
/// Neither file has its name before it is complete, and the sidecar comes last: a writer that is
/// dropped before ``finish(annotations:)`` leaves nothing behind.
public struct RecordingWriter: ~Copyable {
  private var metadata: RecordingMetadata
  private let form: RecordingForm
  private let formLayout: any FormLayout
  private let layout: FrameLayout
  private var packets: PacketWriter?
  private var file: OutputFile
  private var bytes: [UInt8]

  /// The bytes of samples so far, their CRC-32 and their SHA-512.
  private var dataBytes = 0
  private var cyclicChecksum = CyclicChecksum()
  private var checksum = Checksum()

  /// The frames so far.
  private var frames = 0

  /// The bytes of lost chirps at the end of a continuous wave: they count if more chirps follow.
  private var heldBytes = 0

  /// Creates a recording.
  ///
  /// - Parameters:
  ///   - path: The file for the samples, whose name asks for a ``RecordingForm``. The sidecar is
  ///     `NAME.sigmf-meta` beside it.
  ///   - waveform: What the radar transmits, and the shape of its frames.
  ///   - encoding: How to store samples: without it, as 16-bit integers in the order of a frame,
  ///     or the nearest to that which the form has.
  ///   - session: The session in which the recording is made.
  ///   - subject: The person whose gestures are recorded.
  ///   - summary: What the recording is, in prose.
  ///   - startTime: When the recording began, as in ISO 8601.
  ///   - remarks: What else is known in words, by the name of a SigMF field.
  /// - Throws: `RecordingError.unwritable` if the folder takes no files, and
  ///   `RecordingError.invalidField` if the encoding or the form cannot hold such frames.
  /// - Precondition: The encoding has no gaps.
  public init(
    path: String, waveform: Waveform, encoding: SampleEncoding? = nil, session: String? = nil,
    subject: String? = nil, summary: String? = nil, startTime: String? = nil,
    remarks: [String: String] = [:]
  ) throws(RecordingError) {
    let form = RecordingForm(path: path)
    let usual = SampleEncoding(datatype: Datatype(waveform.shape.sampleKind, .i16))
    var encoding = encoding ?? form.encoding(like: usual, of: waveform)
    encoding.packets = form.packets
    precondition(
      encoding.gaps.isEmpty && encoding.trailingBytes == 0, "a writer leaves no gaps")
    let formLayout = try form.layout(path: path, waveform: waveform, encoding: encoding)
    let layout = try FrameLayout(shape: waveform.shape, encoding: encoding, path: path)
    let samples = form == .infineonFolder ? path + "radar.npy" : path
    if form != .archive { try RecordingFiles.requireOwnSidecar(of: samples) }
    if form == .infineonFolder { try OutputFile.makeFolder(path) }
    var file = try OutputFile(path: samples)
    let header =
      form == .archive
      ? archiveEntries(path, dataBytes: 0).flatMap(\.header)
      : formLayout.header(dataBytes: 0, checksum: 0)
    try file.write(header[...])
    self.file = file
    self.formLayout = formLayout
    metadata = RecordingMetadata(
      format: .sigmf, files: [samples],
      sidecar: form == .archive ? path : withoutEnding(samples) + ".sigmf-meta",
      waveform: waveform, encoding: encoding, annotations: [], isLabelled: false,
      session: session, subject: subject, summary: summary)
    metadata.startTime = startTime
    metadata.remarks = remarks
    self.form = form
    self.layout = layout
    bytes = Array(repeating: 0, count: layout.bytesPerFrame)
    if form.packets != nil {
      packets = PacketWriter(
        form: form, secondsPerByte: waveform.frameInterval / Double(layout.bytesPerFrame))
    }
  }

  /// Appends a frame.
  ///
  /// Integers are rounded, and kept within their range as an ADC does. Lost chirps are written as
  /// zeros, but for those at the end of a continuous wave, and the sidecar says which they are.
  ///
  /// - Throws: `RecordingError.unwritable` if the system takes only a part of it.
  /// - Precondition: The frame has the shape of the waveform, and its samples are numbers.
  public mutating func write(_ frame: Frame) throws(RecordingError) {
    let shape = metadata.waveform.shape
    precondition(frame.shape == shape, "the frame has not the shape of the recording")
    if heldBytes > 0 {
      try append(ArraySlice(repeating: 0, count: heldBytes))
      heldBytes = 0
    }
    layout.pack(frame.samples.span, into: &bytes)
    if metadata.waveform.kind == .cw {
      let lost = frame.validity.reversed().prefix { !$0 }.count
      heldBytes = lost * layout.bytesPerChirp
    }
    noteLosses(of: frame)
    try append(bytes.dropLast(heldBytes))
    frames += 1
  }

  private mutating func append(_ samples: ArraySlice<UInt8>) throws(RecordingError) {
    dataBytes += samples.count
    if form == .arrayArchive { cyclicChecksum.update(samples.span) }
    if form == .archive { checksum.update(samples.span) }
    let wrapped = packets?.wrap(samples)[...]
    try file.write(wrapped ?? samples)
  }

  /// Keeps the stretches of chirps that were lost: neighbours become one.
  private mutating func noteLosses(of frame: Frame) {
    for (chirp, isValid) in frame.validity.enumerated() where !isValid {
      let number = frames * frame.shape.chirps + chirp
      if let last = metadata.lostChirps.last, last.upperBound == number {
        metadata.lostChirps[metadata.lostChirps.count - 1] = last.lowerBound..<number + 1
      } else {
        metadata.lostChirps.append(number..<number + 1)
      }
    }
  }

  /// Completes the recording.
  ///
  /// - Parameter annotations: The gestures in the recording: an empty list declares all of it
  ///   background, `nil` says that nobody looked.
  /// - Returns: What a reader will know about the recording.
  /// - Throws: `RecordingError.unwritable` if a file cannot be completed, and
  ///   `RecordingError.emptyFile` if no frame was written.
  @discardableResult
  public consuming func finish(
    annotations: [Annotation]? = nil
  ) throws(RecordingError) -> RecordingMetadata {
    guard dataBytes > 0 else { throw .emptyFile(path: file.path) }
    if let last = packets?.finish() { try file.write(last[...]) }
    try metadata.measure(byteCount: dataBytes, layout: layout)
    metadata.annotations = annotations ?? []
    metadata.isLabelled = annotations != nil
    // What was lost at the end of a continuous wave was not written.
    metadata.lostChirps = metadata.lostChirps.compactMap { chirps in
      let written = chirps.clamped(to: 0..<dataBytes / layout.bytesPerChirp)
      return written.isEmpty ? nil : written
    }
    guard form != .archive else { return try finishArchive() }

    let header = formLayout.header(dataBytes: dataBytes, checksum: cyclicChecksum.value)
    let trailer = formLayout.trailer(dataBytes: dataBytes, checksum: cyclicChecksum.value)
    try file.write(trailer[...])
    if !header.isEmpty { try file.rewriteStart(header) }
    if form.packets == nil, !header.isEmpty {
      metadata.encoding.gaps = [.init(position: 0, count: header.count)]
      metadata.encoding.trailingBytes = trailer.count
    }
    metadata.checksum = file.checksum.text
    try metadata.writeInfineonConfiguration(form)
    var sidecar = try OutputFile(path: metadata.sidecar)
    try sidecar.write(SigMFSidecar.document(of: metadata)[...])

    // An older sidecar must not speak for newer samples, not even for a moment.
    try OutputFile.remove(metadata.sidecar)
    try file.commit()
    try sidecar.commit()
    return metadata
  }

  private consuming func finishArchive() throws(RecordingError) -> RecordingMetadata {
    let entries = archiveEntries(file.path, dataBytes: dataBytes)
    metadata.checksum = checksum.text
    let document = try SigMFSidecar.document(of: metadata)
    let sidecar = TarEntry(
      name: withoutEnding(entries[1].name) + ".sigmf-meta", byteCount: document.count)
    // Two blocks of zeros are the end of an archive.
    let end = [UInt8](repeating: 0, count: 1024)
    try file.write((entries[1].trailer + sidecar.header + document + sidecar.trailer + end)[...])
    try file.rewriteStart(entries.flatMap(\.header))
    metadata.member = FileMember(
      name: entries[1].name, offset: entries.reduce(0) { $0 + $1.header.count },
      storedBytes: dataBytes, byteCount: dataBytes)
    try file.commit()
    return metadata
  }
}

/// The folder of the archive at `path`, and the samples in it.
private func archiveEntries(_ path: String, dataBytes: Int) -> [TarEntry] {
  // Blocks of a fixed length must hold the name.
  let name = String(name(of: withoutEnding(path)).prefix(TarEntry.nameLimit / 8))
  return [
    TarEntry(name: "\(name)/", byteCount: 0),
    TarEntry(name: "\(name)/\(name).sigmf-data", byteCount: dataBytes),
  ]
}
