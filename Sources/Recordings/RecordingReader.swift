public import Radar

extension RecordingMetadata {
  /// Reads what is known about the recording at `path`, without its samples.
  ///
  /// - Parameters:
  ///   - path: The samples, their SigMF sidecar, an archive of both, a folder of Infineon's Radar
  ///     Fusion GUI, the setup that mmWave Studio writes, or `-` for samples on standard input.
  ///   - configuration: The sidecar: without it, the file beside the samples with the same name
  ///     and the ending `.sigmf-meta`, or else `.cfg`, `.mmwave.json` or `.setup.json`.
  ///   - carrierFrequency: The frequency of a continuous wave whose sidecar does not say it, or
  ///     that has none, in hertz.
  ///   - hints: What else the caller knows.
  /// - Throws: `RecordingError` if there is no recording, no sidecar, or one that contradicts the
  ///   other.
  public init(
    path: String, configuration: String? = nil, carrierFrequency: Double? = nil,
    hints: RecordingHints = RecordingHints()
  ) throws(RecordingError) {
    var hints = hints
    hints.carrierFrequency = carrierFrequency ?? hints.carrierFrequency
    let files = try RecordingFiles(
      path: path, configuration: configuration, needsSidecar: !hints.replaceSidecar)
    try self.init(SampleFiles(paths: files.data), sidecar: files.sidecar, hints: hints)
  }

  /// Reads what is known about the samples in `files`.
  ///
  /// - Parameters:
  ///   - files: The files, as far as they can be looked into.
  ///   - sidecar: The file that says what they are, if there is one.
  ///   - hints: What the caller knows.
  /// - Throws: `RecordingError` if the sidecar contradicts the files or itself.
  init(
    _ files: SampleFiles, sidecar: String?, hints: RecordingHints
  ) throws(RecordingError) {
    switch RecordingFiles.SidecarKind(path: sidecar, of: files) {
    case .none:
      self = try SigMFSidecar(withoutFileFor: files.name).metadata(files: files, hints: hints)
    case .archive: self = try SigMFSidecar(archive: files).metadata(files: files, hints: hints)
    case .profile(let path): self = try MMWaveProfile(path: path).metadata(files: files)
    case .infineon(let path): self = try InfineonFolder(path: path).metadata(files: files)
    case .sigmf(let path): self = try SigMFSidecar(path: path).metadata(files: files, hints: hints)
    }
  }
}

/// Reads the frames of a recording one by one, in constant memory.
///
/// ```swift
/// var reader = try RecordingReader(path: "hand.sigmf-data")
/// var frame = Frame(shape: reader.metadata.waveform.shape)
/// while try reader.read(into: &frame) { … }
/// ```
///
/// A reader owns an open file, so it moves and is never copied.
public struct RecordingReader: ~Copyable {
  /// What is known about the recording.
  public let metadata: RecordingMetadata

  /// What became of the samples read so far.
  public var reception: Reception { stream.reception }

  private var source: ByteSource
  private var stream: RecordingStream
  private var isAtEnd = false

  /// Opens the recording that `metadata` describes.
  ///
  /// - Parameters:
  ///   - metadata: What is known about the recording.
  ///   - pieceBytes: The most bytes to read at once.
  /// - Throws: `RecordingError.invalidField` if the encoding cannot hold frames of the waveform.
  public init(
    _ metadata: RecordingMetadata, pieceBytes: Int = 1 << 16
  ) throws(RecordingError) {
    let planes = try metadata.planes(at: metadata.files.first)
    let stream = try RecordingStream(metadata)
    self.metadata = metadata
    self.stream = stream
    source = ByteSource(
      paths: metadata.files, member: metadata.member, planes: planes, pieceBytes: pieceBytes)
  }

  /// Opens the recording at `path`.
  ///
  /// A stream is read until it is known what is in it: all of it if it is an archive, or an array
  /// whose frames do not lie one after another.
  ///
  /// - Parameters:
  ///   - path: The samples, their sidecar or folder, or `-` for standard input.
  ///   - configuration: The sidecar: without it, the file beside the samples with the same name.
  ///   - carrierFrequency: The frequency of a continuous wave that has no sidecar, in hertz.
  ///   - hints: What else the caller knows.
  /// - Throws: `RecordingError` if there is no recording, no sidecar, or one that contradicts the
  ///   other.
  public init(
    path: String, configuration: String? = nil, carrierFrequency: Double? = nil,
    hints: RecordingHints = RecordingHints()
  ) throws(RecordingError) {
    var hints = hints
    hints.carrierFrequency = carrierFrequency ?? hints.carrierFrequency
    if RecordingFiles.isStream(path) {
      try self.init(
        RecordingStream(
          name: path, configuration: configuration ?? RecordingFiles.sidecar(beside: path),
          hints: hints),
        path: path)
    } else {
      try self.init(
        RecordingMetadata(path: path, configuration: configuration, hints: hints))
    }
  }

  /// Reads the stream at `path` until it is known what is in it.
  private init(
    _ unknown: consuming RecordingStream, path: String
  ) throws(RecordingError) {
    var stream = unknown
    var source = ByteSource(paths: [path])
    while stream.metadata == nil, !isAtEnd {
      isAtEnd =
        try source.read { (piece) throws(RecordingError) in try stream.append(piece) } == nil
      if isAtEnd { try stream.finish() }
    }
    guard let metadata = stream.metadata else { throw .emptyFile(path: path) }
    self.metadata = metadata
    self.stream = stream
    self.source = source
  }

  /// Whether what is at `path` can be read once only: standard input, a pipe, or a device.
  public static func isStream(_ path: String) -> Bool { RecordingFiles.isStream(path) }

  /// Replaces `frame` with the next one.
  ///
  /// - Parameter frame: The frame to overwrite.
  /// - Returns: Whether there was one: if not, the recording is at its end.
  /// - Throws: `RecordingError` if the file cannot be read, ends inside a frame, or has a sample
  ///   that is no number.
  /// - Precondition: `frame` has the shape of the waveform.
  public mutating func read(into frame: inout Frame) throws(RecordingError) -> Bool {
    while true {
      if try stream.decode(into: &frame) { return true }
      guard !isAtEnd else { return false }
      let more: Void? = try source.read { (piece) throws(RecordingError) in
        try stream.append(piece)
      }
      if more == nil {
        isAtEnd = true
        try stream.finish()
      }
    }
  }
}
