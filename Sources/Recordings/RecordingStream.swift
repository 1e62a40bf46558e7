public import Radar

/// Reads the frames of a recording whose bytes the caller hands over, as they come.
///
/// ```swift
/// var stream = RecordingStream(configuration: "sensor.sigmf-meta")
/// try stream.append(bytes)
/// if let metadata = stream.metadata {
///   var frame = Frame(shape: metadata.waveform.shape)
///   while try stream.decode(into: &frame) { … }
/// }
/// ```
///
/// The bytes are those of a file of any form, from its first on: what a name tells of a file, the
/// first bytes tell of a stream. They come in pieces of any size, and memory stays constant. Frames of
/// an archive, or of an array in the order of Fortran, are there after ``finish()`` only: such bytes
/// wait in a file without a name.
public struct RecordingStream: ~Copyable {
  /// What is known about the recording, and `nil` until enough of it has come.
  public private(set) var metadata: RecordingMetadata?

  private let name: String
  private let configuration: String?
  private let hints: RecordingHints

  /// The bytes that tell what is in the recording, and how many of them are needed.
  private var start: [UInt8] = []
  private var wanted = RecordingForm.recognisableBytes

  /// All bytes, if they must be there before any of them can be read.
  private var spool: TemporaryFile?
  private var spooled: ByteSource?

  private var decoder: FrameDecoder?

  /// The bytes that came, and whether no more will.
  private var byteCount = 0
  private var isFinished = false

  private var handedOut = Reception()
  private var losses = LossMarker()

  /// The longest start of a stream that may be needed to tell what is in it.
  private static let startLimit = 1 << 20

  /// Creates a stream.
  ///
  /// - Parameters:
  ///   - name: What messages call it; its ending counts if the first bytes do not tell its form.
  ///   - configuration: The sidecar, if the recording has one that is not inside.
  ///   - hints: What else the caller knows.
  public init(
    name: String = "-", configuration: String? = nil, hints: RecordingHints = RecordingHints()
  ) {
    self.name = name
    self.configuration = configuration
    self.hints = hints
  }

  /// Creates a stream of bytes of which everything is known: those of samples only, if the frames of
  /// the recording do not lie one after another, or lie in an archive.
  init(_ metadata: RecordingMetadata) throws(RecordingError) {
    self.init(name: metadata.path)
    decoder = try FrameDecoder(waveform: metadata.waveform, encoding: metadata.streamEncoding)
    losses = LossMarker(metadata.lostChirps)
    self.metadata = metadata
  }

  /// What became of the samples so far.
  public var reception: Reception {
    var reception = decoder?.reception ?? Reception()
    reception.replaceFrames(by: handedOut)
    return reception
  }

  /// Takes the next bytes.
  ///
  /// - Throws: `RecordingError` if the first bytes or the sidecar make no sense.
  /// - Precondition: The stream is not finished.
  public mutating func append(_ bytes: Span<UInt8>) throws(RecordingError) {
    precondition(!isFinished, "a recording does not go on after its end")
    guard decoder == nil else { return pass(bytes) }
    guard spool == nil else {
      try spool?.append(bytes)
      return
    }
    unsafe bytes.withUnsafeBytes { unsafe start.append(contentsOf: $0) }
    if start.count >= wanted { try open(isWhole: false) }
  }

  /// Declares that there are no more bytes.
  ///
  /// - Throws: `RecordingError` if the bytes end where they should not.
  public mutating func finish() throws(RecordingError) {
    precondition(!isFinished, "a recording ends once")
    if decoder == nil, spool == nil {
      guard !start.isEmpty else { throw .emptyFile(path: name) }
      try open(isWhole: true)
    }
    isFinished = true
    guard spool == nil else { return try openSpool() }
    if let claimed = metadata?.claimedBytes, byteCount != claimed {
      guard byteCount > claimed else { throw .shortFile(found: byteCount, expected: claimed) }
      // Other chunks may follow the samples of audio, but nothing follows those of an array.
      guard metadata?.format == .wave else { throw .longFile(found: byteCount, expected: claimed) }
    }
    try decoder?.finish()
  }

  /// Replaces `frame` with the next one.
  ///
  /// - Parameter frame: The frame to overwrite.
  /// - Returns: Whether there was one: if not, more bytes are needed.
  /// - Throws: `RecordingError` if the bytes are damaged.
  /// - Precondition: `frame` has the shape of the waveform.
  public mutating func decode(into frame: inout Frame) throws(RecordingError) -> Bool {
    while true {
      if try decoder?.decode(into: &frame) == true {
        losses.mark(&frame)
        handedOut.count(frame)
        return true
      }
      guard spooled != nil else { return false }
      let more: Void? = try spooled?.read { (piece) throws(RecordingError) -> Void in
        decoder?.append(piece)
      }
      if more == nil {
        spooled = nil
        try decoder?.finish()
      }
    }
  }

  /// Hands bytes of samples to the decoder, but for those behind the last one.
  private mutating func pass(_ bytes: Span<UInt8>) {
    let left = (metadata?.claimedBytes).map { max($0 - byteCount, 0) } ?? bytes.count
    byteCount += bytes.count
    decoder?.append(bytes.extracting(first: min(left, bytes.count)))
  }
}

// MARK: - What is in the stream

extension RecordingStream {
  /// Finds out what is in the stream, if its start suffices for that.
  private mutating func open(isWhole: Bool) throws(RecordingError) {
    let form = try form()
    guard form != .archive, form != .arrayArchive else { return try startSpool() }
    let files = SampleFiles(name: name, form: form, start: start, isWhole: isWhole)
    let found: RecordingMetadata
    do throws(RecordingError) {
      found = try metadata(of: files)
    } catch {
      guard case .shortHeader(_, _, let expected) = error, !isWhole, start.count < Self.startLimit
      else { throw error }
      wanted = max(expected, start.count + 1)
      return
    }
    guard found.encoding.axes.first == .frame else { return try startSpool() }
    decoder = try FrameDecoder(waveform: found.waveform, encoding: found.encoding)
    losses = LossMarker(found.lostChirps)
    metadata = found
    let first = start
    start = []
    pass(first.span)
  }

  /// The form by the first bytes, by the name, or by the name that the sidecar has for the samples.
  private func form() throws(RecordingError) -> RecordingForm {
    if let form = RecordingForm(start: start) { return form }
    let named = RecordingForm(path: name)
    guard named == .samples, let configuration, configuration.hasSuffix(".sigmf-meta"),
      let dataset = try SigMFSidecar(path: configuration).dataset
    else { return named }
    return RecordingForm(path: dataset)
  }

  private func metadata(of files: SampleFiles) throws(RecordingError) -> RecordingMetadata {
    guard configuration != nil || hints.replaceSidecar || files.form == .archive else {
      throw .missingSidecar(path: name, candidates: [])
    }
    var metadata = try RecordingMetadata(files, sidecar: configuration, hints: hints)
    // The sum of a sidecar is that of a file, of which this stream may be another one.
    if files.form != .archive { metadata.checksum = nil }
    return metadata
  }

  private mutating func startSpool() throws(RecordingError) {
    var spool = try TemporaryFile()
    try spool.append(start.span)
    start = Array(start.prefix(RecordingForm.recognisableBytes))
    self.spool = consume spool
  }

  /// Opens what was put aside, now that it is complete.
  private mutating func openSpool() throws(RecordingError) {
    let form = try form()
    start = []
    guard let spool = self.spool.take() else { return }
    let files = SampleFiles(name: name, form: form, spool: spool)
    let found = try metadata(of: files)
    decoder = try FrameDecoder(waveform: found.waveform, encoding: found.streamEncoding)
    if form == .archive { try found.verifyChecksum(at: [spool.path]) }
    spooled = ByteSource(
      paths: [spool.path], member: found.member, planes: try found.planes(at: spool.path))
    losses = LossMarker(found.lostChirps)
    metadata = found
    self.spool = consume spool
  }
}
