public import Radar

/// Turns bytes into frames, without reading or writing anything itself.
///
/// Hand it the bytes in pieces of any size, and take the frames that are complete:
///
/// ```swift
/// decoder.append(bytes)
/// while try decoder.decode(into: &frame) { … }
/// ```
///
/// It keeps the bytes that were not yet decoded, so take the frames after each piece. After the
/// last piece, ``finish()`` checks that nothing is missing.
public struct FrameDecoder: Sendable {
  /// What the radar transmitted and how it sampled the echo.
  public let waveform: Waveform

  /// How the samples lie in the bytes.
  public let encoding: SampleEncoding

  private let layout: FrameLayout
  private let fast: FastUnpacking?

  /// What each scalar of a chirp is multiplied by: nothing if there are none.
  private let weights: [Float]

  private var pending: PendingBytes
  private var gaps: GapFilter
  private var packets: PacketParser?
  private var assembler: PacketAssembler

  /// The validity of a frame without losses.
  private let everyChirp: [Bool]

  /// All bytes handed in so far, lost ones included.
  private var byteCount = 0

  private var framesDecoded = 0
  private var isFinished = false

  /// Creates a decoder.
  ///
  /// - Parameters:
  ///   - waveform: What the radar transmitted, and the shape of its frames.
  ///   - encoding: How the samples lie in the bytes.
  ///   - rangeTaper: What each sample of a chirp is multiplied by as it is decoded, if anything.
  /// - Throws: `RecordingError.invalidField` if the encoding cannot hold such frames, or does not
  ///   hold them one after another.
  /// - Precondition: The taper has a weight for each sample of a chirp.
  public init(
    waveform: Waveform, encoding: SampleEncoding, rangeTaper: [Float]? = nil
  ) throws(RecordingError) {
    let shape = waveform.shape
    precondition(
      rangeTaper == nil || rangeTaper?.count == shape.samplesPerChirp,
      "a taper needs a weight for each of the \(shape.samplesPerChirp) samples of a chirp")
    guard encoding.axes.first == .frame else {
      throw .invalidField(
        path: "the encoding", field: "radar:axes",
        found: encoding.axes.map(\.rawValue).joined(separator: ", "),
        expected: "frames one after another, as a stream has them")
    }
    layout = try FrameLayout(shape: waveform.shape, encoding: encoding, path: "the encoding")
    weights =
      (rangeTaper ?? []).isEmpty
      ? []
      : (0..<shape.scalarsPerChirp).map { scalar in
        rangeTaper?[scalar / shape.sampleKind.components % shape.samplesPerChirp] ?? 1
      }
    fast = FastUnpacking(layout, shape: shape, weights: weights)
    self.waveform = waveform
    self.encoding = encoding
    pending = PendingBytes(bytesPerFrame: layout.bytesPerFrame)
    gaps = GapFilter(encoding.gaps)
    packets = encoding.packets.map { PacketParser($0) }
    assembler = PacketAssembler(
      bytesPerFrame: layout.bytesPerFrame, mayJump: encoding.packets == .datagrams)
    everyChirp = Array(repeating: true, count: waveform.shape.chirps)
  }

  /// The bytes that were handed in and not yet decoded.
  public var pendingBytes: Int { pending.count + (packets?.pendingBytes ?? 0) }

  /// What became of the samples so far.
  public var reception: Reception { assembler.reception }

  /// Whether packets wait for others before them.
  public var isWaiting: Bool { assembler.isWaiting }

  /// Takes the next bytes of the recording.
  ///
  /// If the encoding has datagrams, takes what exactly one of them carries.
  public mutating func append(_ bytes: Span<UInt8>) {
    precondition(!isFinished, "a recording does not go on after its end")
    byteCount += bytes.count
    if packets != nil {
      if encoding.packets == .datagrams, bytes.count <= Packet.headerBytes {
        assembler.reception.strays += 1
        assembler.reception.packets += 1
      }
      packets?.append(bytes)
    } else {
      gaps.pass(bytes) { pending.append($0) }
    }
  }

  /// Replaces `frame` with the next one.
  ///
  /// - Parameter frame: The frame to overwrite.
  /// - Returns: Whether there was one: if not, more bytes are needed.
  /// - Throws: `RecordingError.notFinite` if a sample is infinite or not a number, and
  ///   `RecordingError.malformedPacket` or `RecordingError.implausibleLoss` if a file of packets is
  ///   damaged.
  /// - Precondition: `frame` has the shape of the waveform.
  public mutating func decode(into frame: inout Frame) throws(RecordingError) -> Bool {
    precondition(frame.shape == waveform.shape, "the frame has not the shape of the recording")
    while packets != nil, !pending.hasFrame(before: 0), let packet = try packets?.next() {
      try assembler.accept(packet, into: &pending)
    }
    guard pending.hasFrame(before: isFinished ? 0 : encoding.trailingBytes) else { return false }
    frame.index = framesDecoded
    frame.time = Double(framesDecoded) * waveform.frameInterval
    framesDecoded += 1

    var samples = frame.samples.mutableSpan
    let losses = pending.removeFrame { bytes in
      guard let fast else { return layout.unpack(bytes, weights: weights, into: &samples) }
      fast.unpack(bytes, into: &samples)
    }
    frame.validity = losses.isEmpty ? everyChirp : layout.validity(lost: losses)
    assembler.reception.count(frame)
    if !encoding.datatype.scalar.isInteger {
      guard frame.samples.allSatisfy(\.isFinite) else { throw .notFinite(frame: frame.index) }
    }
    return true
  }

  /// Gives up the packets that others wait for: they count as lost, or as late if they still come.
  ///
  /// A live source calls it when packets have waited for some time, as a slow stream may take long
  /// to bring those that would tell. Take the frames that are complete before and after it.
  public mutating func giveUpWaiting() {
    assembler.giveUp(into: &pending)
  }

  /// Declares that there are no more bytes.
  ///
  /// The stream of a continuous-wave radar may end inside a frame, and so may packets:
  /// ``decode(into:)`` then hands out one more, filled up with zeros, whose missing chirps are
  /// marked as such.
  ///
  /// - Throws: `RecordingError.partialFrame` if the bytes end inside a frame or a sample,
  ///   `RecordingError.shortFile` if they end before all samples, and `RecordingError.noPackets`
  ///   if there should have been packets.
  public mutating func finish() throws(RecordingError) {
    if packets != nil {
      while let packet = try packets?.next() { try assembler.accept(packet, into: &pending) }
      guard let count = packets?.count, count > 0 else { throw .noPackets(bytes: byteCount) }
      assembler.flush(into: &pending)
      assembler.reception.cutBytes = packets?.pendingBytes ?? 0
    } else {
      _ = try Extent(byteCount: byteCount, waveform: waveform, layout: layout)
      pending.removeLast(encoding.trailingBytes)
      pending.fillFrame()
    }
    isFinished = true
  }
}
