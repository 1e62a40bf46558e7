public import Radar

/// Writes frames as a SigMF recording: samples, and a sidecar with their checksum.
///
/// Neither file has its name before it is complete, and the sidecar comes last: a writer that is
/// dropped before ``finish(annotations:)`` leaves nothing behind.
public struct RecordingWriter: ~Copyable {
  private var metadata: RecordingMetadata
  private let layout: FrameLayout
  private var file: OutputFile
  private var bytes: [UInt8]

  /// The bytes of lost chirps at the end of a continuous wave: they count if more chirps follow.
  private var heldBytes = 0

  /// Creates a recording.
  ///
  /// - Parameters:
  ///   - path: The file for the samples: `NAME.sigmf-data`, or any other name such as `NAME.bin`.
  ///     The sidecar is `NAME.sigmf-meta` beside it.
  ///   - waveform: What the radar transmits, and the shape of its frames.
  ///   - encoding: How to store samples: without it, as 16-bit integers in the order of a frame.
  ///   - session: The session in which the recording is made.
  ///   - subject: The person whose gestures are recorded.
  ///   - summary: What the recording is, in prose.
  /// - Throws: `RecordingError.unwritable` if the folder takes no files, and
  ///   `RecordingError.invalidField` if the encoding cannot hold such frames.
  /// - Precondition: The encoding has the kind of samples that the waveform has, and no gaps.
  public init(
    path: String, waveform: Waveform, encoding: SampleEncoding? = nil, session: String? = nil,
    subject: String? = nil, summary: String? = nil
  ) throws(RecordingError) {
    let encoding =
      encoding ?? SampleEncoding(datatype: Datatype(waveform.shape.sampleKind, .i16))
    precondition(
      encoding.datatype.sampleKind == waveform.shape.sampleKind,
      "real samples cannot be written as complex ones, nor the other way round")
    precondition(
      encoding.gaps.isEmpty && encoding.trailingBytes == 0, "a writer leaves no gaps")
    let layout = try FrameLayout(shape: waveform.shape, encoding: encoding, path: path)
    file = try OutputFile(path: path)
    metadata = RecordingMetadata(
      format: .sigmf, files: [path], sidecar: withoutEnding(path) + ".sigmf-meta",
      waveform: waveform, encoding: encoding, annotations: [], isLabelled: false,
      session: session, subject: subject, summary: summary)
    self.layout = layout
    bytes = Array(repeating: 0, count: layout.bytesPerFrame)
  }

  /// Appends a frame.
  ///
  /// Integers are rounded, and kept within their range as an ADC does. Lost chirps are written as
  /// zeros, but for those at the end of a continuous wave.
  ///
  /// - Throws: `RecordingError.unwritable` if the system takes only a part of it.
  /// - Precondition: The frame has the shape of the waveform, and its samples are numbers.
  public mutating func write(_ frame: Frame) throws(RecordingError) {
    let shape = metadata.waveform.shape
    precondition(frame.shape == shape, "the frame has not the shape of the recording")
    if heldBytes > 0 {
      try file.write(ArraySlice(repeating: 0, count: heldBytes))
      heldBytes = 0
    }
    layout.pack(frame.samples.span, into: &bytes)
    if metadata.waveform.kind == .cw {
      let lost = frame.validity.reversed().prefix { !$0 }.count
      heldBytes = lost * layout.bytesPerChirp
    }
    try file.write(bytes.dropLast(heldBytes))
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
    guard file.byteCount > 0 else { throw .emptyFile(path: file.path) }
    try metadata.measure(byteCount: file.byteCount)
    metadata.annotations = annotations ?? []
    metadata.isLabelled = annotations != nil
    metadata.checksum = file.checksum.text
    var sidecar = try OutputFile(path: metadata.sidecar)
    try sidecar.write(SigMFSidecar.document(of: metadata)[...])

    // An older sidecar must not speak for newer samples, not even for a moment.
    try OutputFile.remove(metadata.sidecar)
    try file.commit()
    try sidecar.commit()
    return metadata
  }
}
