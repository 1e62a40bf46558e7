public import Radar

extension RecordingMetadata {
  /// Reads what is known about the recording at `path`, without its samples.
  ///
  /// - Parameters:
  ///   - path: The samples, their SigMF sidecar, a folder of Infineon's Radar Fusion GUI, or `-`
  ///     for samples on standard input.
  ///   - configuration: The sidecar: without it, the file beside the samples with the same name
  ///     and the ending `.sigmf-meta`, or else `.cfg`, or else `.mmwave.json`.
  ///   - carrierFrequency: The frequency of a WAV file that has no sidecar, in hertz.
  /// - Throws: `RecordingError` if there is no recording, no sidecar, or one that contradicts the
  ///   other.
  public init(
    path: String, configuration: String? = nil, carrierFrequency: Double? = nil
  ) throws(RecordingError) {
    let files = try RecordingFiles(
      path: path, configuration: configuration, needsSidecar: carrierFrequency == nil)
    var byteCount: Int? = 0
    for file in files.data {
      let size = try ByteSource.size(of: file)
      guard size != 0 else { throw .emptyFile(path: file) }
      byteCount = byteCount.flatMap { total in size.map { total + $0 } }
    }
    let packets = files.data.first.flatMap { PacketFormat(path: $0) }
    guard let sidecar = files.sidecar else {
      self = try SigMFSidecar(path: path, carrierFrequency: carrierFrequency ?? 0)
        .metadata(files: files.data, packets: nil, byteCount: byteCount)
      return
    }
    if sidecar.hasSuffix(".cfg") || sidecar.hasSuffix(".mmwave.json") {
      self = try MMWaveProfile(path: sidecar)
        .metadata(files: files.data, packets: packets, byteCount: byteCount)
    } else if sidecar.hasSuffix(".json") {
      self = try InfineonFolder(path: sidecar)
        .metadata(files: files.data, byteCount: byteCount)
    } else {
      self = try SigMFSidecar(path: sidecar)
        .metadata(files: files.data, packets: packets, byteCount: byteCount)
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

  private var source: ByteSource
  private var decoder: FrameDecoder
  private var isAtEnd = false

  /// Opens the recording that `metadata` describes.
  ///
  /// - Throws: `RecordingError.invalidField` if the encoding cannot hold frames of the waveform.
  public init(_ metadata: RecordingMetadata) throws(RecordingError) {
    let decoder = try FrameDecoder(
      waveform: metadata.waveform, encoding: metadata.streamEncoding)
    let planes = try metadata.planes()
    self.metadata = metadata
    self.decoder = decoder
    source = ByteSource(paths: metadata.files, planes: planes)
  }

  /// Opens the recording at `path`.
  ///
  /// - Parameters:
  ///   - path: The samples, their sidecar or folder, or `-` for samples on standard input.
  ///   - configuration: The sidecar: without it, the file beside the samples with the same name.
  ///   - carrierFrequency: The frequency of a WAV file that has no sidecar, in hertz.
  /// - Throws: `RecordingError` if there is no recording, no sidecar, or one that contradicts the
  ///   other.
  public init(
    path: String, configuration: String? = nil, carrierFrequency: Double? = nil
  ) throws(RecordingError) {
    try self.init(
      RecordingMetadata(
        path: path, configuration: configuration, carrierFrequency: carrierFrequency))
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
      if try decoder.decode(into: &frame) { return true }
      guard !isAtEnd else { return false }
      let more: Void? = try source.read { (piece) throws(RecordingError) in decoder.append(piece) }
      if more == nil {
        isAtEnd = true
        try decoder.finish()
      }
    }
  }
}
