public import Radar

/// Turns frames into the datagrams that a DCA1000 sends, without sending anything itself.
///
/// The samples of all frames make one stream of bytes, which is cut into payloads of equal length
/// whatever the borders of frames are. Each datagram counts those before it, and their bytes.
/// Payloads that lie wholly in chirps that were lost are left out, so that a receiver finds them
/// lost as well.
public struct DatagramEncoder: Sendable {
  /// The samples that a card sends at once, in bytes.
  public static let usualPayload = 1456

  /// How the samples lie in the bytes: the receiver needs it.
  public let encoding: SampleEncoding

  private let waveform: Waveform
  private let layout: FrameLayout
  private let payloadBytes: Int
  private var stored: [UInt8]

  /// The bytes that do not fill a payload yet, and how many of them stand for lost chirps.
  private var rest: [UInt8] = []
  private var lostRest = 0

  private var sequence: UInt32
  private var position: UInt64

  /// Creates an encoder.
  ///
  /// - Parameters:
  ///   - waveform: What the radar transmitted, and the shape of its frames.
  ///   - encoding: How to store samples; its gaps, and how packets wrapped them, have no effect.
  ///   - payloadBytes: The bytes of samples in a datagram.
  ///   - sequence: The number of the first datagram.
  ///   - position: The bytes of samples before the first datagram.
  /// - Throws: `RecordingError.invalidField` if the encoding cannot hold such frames one after
  ///   another.
  /// - Precondition: A payload fits into a datagram.
  public init(
    waveform: Waveform, encoding: SampleEncoding, payloadBytes: Int = usualPayload,
    sequence: UInt32 = 1, position: UInt64 = 0
  ) throws(RecordingError) {
    precondition((1...65_000).contains(payloadBytes), "a payload must fit into a datagram")
    self.encoding = encoding.asDatagrams
    self.waveform = waveform
    layout = try FrameLayout(shape: waveform.shape, encoding: self.encoding, path: "the encoding")
    self.payloadBytes = payloadBytes
    self.sequence = sequence
    self.position = position
    stored = Array(repeating: 0, count: layout.bytesPerFrame)
  }

  /// The bytes of samples that a frame takes.
  public var bytesPerFrame: Int { layout.bytesPerFrame }

  /// Takes a frame and calls `body` with each datagram that it completes.
  ///
  /// - Parameters:
  ///   - frame: The frame.
  ///   - body: Receives a datagram, and the bytes of samples up to its end.
  /// - Throws: What `body` throws.
  /// - Precondition: The frame has the shape of the waveform, and its samples are numbers.
  public mutating func append<Failure: Error>(
    _ frame: borrowing Frame, each body: ([UInt8], _ end: UInt64) throws(Failure) -> Void
  ) throws(Failure) {
    precondition(frame.shape == waveform.shape, "the frame does not fit the waveform")
    layout.pack(frame.samples.span, into: &stored)
    let isLost = !frame.validity.contains(true)
    guard layout.hasChirpsInOrder, !isLost else {
      return try append(stored[...], isLost: isLost, each: body)
    }
    for chirp in frame.validity.indices {
      let bytes = stored[chirp * layout.bytesPerChirp..<(chirp + 1) * layout.bytesPerChirp]
      try append(bytes, isLost: !frame.validity[chirp], each: body)
    }
  }

  /// Calls `body` with a last, shorter datagram if something is left.
  ///
  /// A card would fill it with zeros, which a receiver could take for frames.
  ///
  /// - Throws: What `body` throws.
  public mutating func finish<Failure: Error>(
    each body: ([UInt8], _ end: UInt64) throws(Failure) -> Void
  ) throws(Failure) {
    if !rest.isEmpty { try handOut(each: body) }
  }

  private mutating func append<Failure: Error>(
    _ bytes: ArraySlice<UInt8>, isLost: Bool,
    each body: ([UInt8], _ end: UInt64) throws(Failure) -> Void
  ) throws(Failure) {
    var bytes = bytes
    while !bytes.isEmpty {
      let piece = bytes.prefix(payloadBytes - rest.count)
      bytes = bytes.dropFirst(piece.count)
      rest += piece
      if isLost { lostRest += piece.count }
      if rest.count == payloadBytes { try handOut(each: body) }
    }
  }

  private mutating func handOut<Failure: Error>(
    each body: ([UInt8], _ end: UInt64) throws(Failure) -> Void
  ) throws(Failure) {
    let end = position + UInt64(rest.count)
    if lostRest < rest.count { try body(header + rest, end) }
    sequence &+= 1
    position = end
    rest.removeAll(keepingCapacity: true)
    lostRest = 0
  }

  private var header: [UInt8] {
    (0..<4).map { UInt8(truncatingIfNeeded: sequence >> (8 * $0)) }
      + (0..<6).map { UInt8(truncatingIfNeeded: position >> (8 * $0)) }
  }
}

extension FrameLayout {
  /// Whether the bytes of each chirp follow those of the one before.
  fileprivate var hasChirpsInOrder: Bool { destinations == nil || blocks == chirps }
}

extension RecordingMetadata {
  /// How the samples lie in the datagrams of a card that sends what is in this recording.
  public var datagramEncoding: SampleEncoding { streamEncoding.asDatagrams }
}

extension SampleEncoding {
  /// The encoding of the same samples when a card sends them.
  public var asDatagrams: SampleEncoding {
    var encoding = self
    encoding.packets = .datagrams
    encoding.gaps = []
    encoding.trailingBytes = 0
    return encoding
  }
}
