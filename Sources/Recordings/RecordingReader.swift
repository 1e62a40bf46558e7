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
    var byteCount: Int? = 0
    for file in files.data {
      let size = try ByteSource.size(of: file)
      guard size != 0 else { throw .emptyFile(path: file) }
      byteCount = byteCount.flatMap { total in size.map { total + $0 } }
    }
    let packets = files.data.first.flatMap { PacketFormat(path: $0) }
    let sidecar = files.sidecar ?? path
    switch RecordingFiles.SidecarKind(path: sidecar, isMissing: files.sidecar == nil) {
    case .none:
      self = try SigMFSidecar(withoutFileFor: path)
        .metadata(files: files.data, packets: packets, byteCount: byteCount, hints: hints)
    case .archive:
      self = try SigMFSidecar(archive: sidecar)
        .metadata(files: files.data, packets: nil, byteCount: nil, hints: hints)
    case .profile:
      self = try MMWaveProfile(path: sidecar)
        .metadata(files: files.data, packets: packets, byteCount: byteCount)
    case .infineon:
      self = try InfineonFolder(path: sidecar)
        .metadata(files: files.data, byteCount: byteCount)
    case .sigmf:
      self = try SigMFSidecar(path: sidecar)
        .metadata(files: files.data, packets: packets, byteCount: byteCount, hints: hints)
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
  public var reception: Reception {
    var reception = decoder.reception
    reception.replaceFrames(by: handedOn)
    return reception
  }

  private var handedOn = Reception()
  private var source: ByteSource
  private var decoder: FrameDecoder
  private var isAtEnd = false

  /// The first of the stretches of lost chirps that may concern the next frame.
  private var nextLoss = 0

  /// Opens the recording that `metadata` describes.
  ///
  /// - Parameters:
  ///   - metadata: What is known about the recording.
  ///   - pieceBytes: The most bytes to read at once.
  /// - Throws: `RecordingError.invalidField` if the encoding cannot hold frames of the waveform.
  public init(
    _ metadata: RecordingMetadata, pieceBytes: Int = 1 << 16
  ) throws(RecordingError) {
    let decoder = try FrameDecoder(
      waveform: metadata.waveform, encoding: metadata.streamEncoding)
    let planes = try metadata.planes()
    self.metadata = metadata
    self.decoder = decoder
    source = ByteSource(
      paths: metadata.files, member: metadata.member, planes: planes, pieceBytes: pieceBytes)
  }

  /// Opens the recording at `path`.
  ///
  /// - Parameters:
  ///   - path: The samples, their sidecar or folder, or `-` for samples on standard input.
  ///   - configuration: The sidecar: without it, the file beside the samples with the same name.
  ///   - carrierFrequency: The frequency of a continuous wave that has no sidecar, in hertz.
  ///   - hints: What else the caller knows.
  /// - Throws: `RecordingError` if there is no recording, no sidecar, or one that contradicts the
  ///   other.
  public init(
    path: String, configuration: String? = nil, carrierFrequency: Double? = nil,
    hints: RecordingHints = RecordingHints()
  ) throws(RecordingError) {
    try self.init(
      RecordingMetadata(
        path: path, configuration: configuration, carrierFrequency: carrierFrequency,
        hints: hints))
  }

  /// Replaces `frame` with the next one.
  ///
  /// - Parameter frame: The frame to overwrite.
  /// - Returns: Whether there was one: if not, the recording is at its end.
  /// - Throws: `RecordingError` if the file cannot be read, ends inside a frame, or has a sample
  ///   that is no number.
  /// - Precondition: `frame` has the shape of the waveform.
  public mutating func read(into frame: inout Frame) throws(RecordingError) -> Bool {
    while true {
      if try decoder.decode(into: &frame) {
        markLosses(in: &frame)
        handedOn.count(frame)
        return true
      }
      guard !isAtEnd else { return false }
      let more: Void? = try source.read { (piece) throws(RecordingError) in decoder.append(piece) }
      if more == nil {
        isAtEnd = true
        try decoder.finish()
      }
    }
  }

  /// Marks the chirps that the sidecar calls lost.
  private mutating func markLosses(in frame: inout Frame) {
    let losses = metadata.lostChirps
    let first = frame.index * frame.shape.chirps
    while nextLoss < losses.count, losses[nextLoss].upperBound <= first { nextLoss += 1 }
    guard nextLoss < losses.count, losses[nextLoss].lowerBound < first + frame.shape.chirps else {
      return
    }
    var validity = frame.validity
    for loss in losses[nextLoss...] where loss.lowerBound < first + frame.shape.chirps {
      for chirp in loss.clamped(to: first..<first + frame.shape.chirps) {
        validity[chirp - first] = false
      }
    }
    frame.validity = validity
  }
}
