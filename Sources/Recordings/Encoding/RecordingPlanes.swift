internal import Radar

extension RecordingMetadata {
  /// How to gather frames that do not lie one after another, and `nil` if they do.
  ///
  /// - Throws: `RecordingError.invalidField` if they are cut up in a way that no program writes.
  func planes() throws(RecordingError) -> Planes? {
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
    guard let file = files.first, let size = try ByteSource.size(of: file, member: member),
      member?.isDeflated != true,
      encoding.order.groupLength == 1, encoding.chirpHeaderBytes == 0, encoding.lanes == nil,
      encoding.gaps.allSatisfy({ $0.position == 0 }), encoding.datatype.scalar != .u12,
      !isContinuous || outer.elementsEqual([.receiver])
    else {
      let kind = member?.isDeflated == true ? "deflated samples" : "samples of this kind"
      throw .invalidField(
        path: sidecar, field: "radar:axes",
        found: encoding.axes.map(\.rawValue).joined(separator: ", "),
        expected: "frames one after another, as \(kind) need them")
    }
    let header = encoding.gaps.reduce(0) { $0 + $1.count }
    return Planes(
      offset: (member?.offset ?? 0) + header, count: count,
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
