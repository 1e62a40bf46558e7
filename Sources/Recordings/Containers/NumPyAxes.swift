internal import Radar

extension NumPyHeader {
  /// What the header says of the samples, whose axes the sidecar names.
  func container(
    sidecar: SigMFSidecar, member: FileMember? = nil
  ) throws(RecordingError) -> Container {
    var datatype = datatype
    var shape = shape
    // Integers have no complex type in NumPy: I and Q are the last axis then.
    if datatype.sampleKind == .real, try sidecar.sampleKind() == .complex, shape.last == 2,
      shape.count > 1, !isFortranOrder
    {
      datatype.sampleKind = .complex
      shape.removeLast()
    }
    let isContinuous = try sidecar.isContinuousWave()
    let axes = try sidecar.namedAxes() ?? Self.axes(count: shape.count, isContinuous: isContinuous)
    guard axes.count == shape.count else {
      throw .invalidField(
        path: path, field: "shape", found: "\(shape)",
        expected: "one of \(axes.count) axes: \(axes.map(\.rawValue).joined(separator: ", "))")
    }
    let lengths = Dictionary(zip(axes, shape)) { first, _ in first }
    var facts = ["core:datatype": JSONValue.string(datatype.description)]
    let counts =
      isContinuous
      ? ["core:num_channels": lengths[.receiver] ?? 1]
      : [
        "radar:chirps_per_frame": (lengths[.chirp] ?? 1) * (lengths[.transmitter] ?? 1),
        "radar:receivers": lengths[.receiver] ?? 1,
        "radar:samples_per_chirp": lengths[.sample] ?? 1,
      ]
    for (name, count) in counts { facts[name] = .number(Double(count)) }
    if let transmitters = lengths[.transmitter] {
      facts["radar:transmitters"] = .number(Double(transmitters))
    }
    return Container(
      format: .numPy, facts: facts, headerBytes: byteCount, claimedBytes: claimedBytes,
      member: member,
      axes: Self.stored(axes, lengths: lengths, isReversed: isFortranOrder))
  }

  /// The usual names of `count` axes.
  private static func axes(count: Int, isContinuous: Bool) -> [RecordingAxis] {
    guard !isContinuous else { return count == 1 ? [.chirp] : [.chirp, .receiver] }
    return switch count {
    case 3: [.frame, .chirp, .sample]
    case 5: [.frame, .chirp, .transmitter, .receiver, .sample]
    default: SampleEncoding.canonicalAxes
    }
  }

  /// The order of the axes in the file, with frames named even if the array has one only.
  ///
  /// The samples of a continuous wave are chirps, cut into frames as they come.
  private static func stored(
    _ axes: [RecordingAxis], lengths: [RecordingAxis: Int], isReversed: Bool
  ) -> [RecordingAxis] {
    var stored = isReversed ? axes.reversed() : axes
    if let frames = lengths[.frame] {
      guard frames == 1 else { return stored }
      stored.removeAll { $0 == .frame }
      return [.frame] + stored
    }
    guard stored.last == .chirp, stored.count == 2 else { return [.frame] + stored }
    return [.receiver, .frame, .chirp]
  }
}
