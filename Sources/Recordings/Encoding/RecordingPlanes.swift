internal import Radar

extension RecordingMetadata {
  /// How to gather frames that do not lie one after another.
  ///
  /// - Parameter location: Where the file is, and `nil` for a stream.
  /// - Returns: The planes to gather them from, and `nil` if they lie one after another.
  /// - Throws: `RecordingError.invalidField` if they are cut up in a way that no program writes.
  func planes(at location: String?) throws(RecordingError) -> Planes? {
    let encoding = encoding
    let shape = waveform.shape
    let outer = encoding.axes.prefix { $0 != .frame }
    guard !outer.isEmpty else { return nil }
    let hasTransmitters = encoding.axes.contains(.transmitter)
    let transmitters = hasTransmitters ? shape.transmitters : 1
    let count = outer.reduce(1) { count, axis in
      switch axis {
      case .frame: count
      case .chirp: count * (shape.chirps / transmitters)
      case .transmitter: count * transmitters
      case .receiver: count * shape.receivers
      case .sample: count * shape.samplesPerChirp
      }
    }
    let layout = try FrameLayout(shape: shape, encoding: encoding, path: sidecar)
    let isContinuous = waveform.kind == .cw
    let unit = isContinuous ? layout.bytesPerChirp : layout.bytesPerFrame
    let fileBytes = try location.flatMap { (path) throws(RecordingError) in
      try ByteSource.size(of: path)
    }
    guard let size = member?.byteCount ?? fileBytes, encoding.order.groupLength == 1,
      encoding.chirpHeaderBytes == 0, encoding.lanes == nil,
      encoding.gaps.allSatisfy({ $0.position == 0 }), encoding.datatype.scalar != .u12,
      !isContinuous || outer.elementsEqual([.receiver])
    else {
      throw .invalidField(
        path: sidecar, field: "radar:axes",
        found: encoding.axes.map(\.rawValue).joined(separator: ", "),
        expected: "frames one after another, as samples of this kind need them")
    }
    let header = encoding.gaps.reduce(0) { $0 + $1.count }
    // A deflated member becomes a file of its own.
    let start = member.map { $0.isDeflated ? 0 : $0.offset } ?? 0
    return Planes(
      offset: start + header, count: count,
      units: (size - header - encoding.trailingBytes) / unit,
      unitBytes: unit / count)
  }

  /// The encoding of the bytes once frames were gathered.
  var streamEncoding: SampleEncoding {
    guard encoding.axes.first != .frame else { return encoding }
    var stream = encoding
    stream.axes =
      waveform.kind == .cw
      ? [.frame, .chirp, .receiver] : [.frame] + encoding.axes.filter { $0 != .frame }
    stream.gaps = []
    stream.trailingBytes = 0
    return stream
  }
}
