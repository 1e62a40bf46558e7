internal import Radar

/// An axis inside a frame as the recording orders it.
struct StoredAxis {
  var axis: RecordingAxis

  /// How far each element is from the first, in samples of a ``Frame``: less than zero if the
  /// frame does not have it.
  var places: [Int32]

  init(_ axis: RecordingAxis, count: Int, stride: Int) {
    self.axis = axis
    places = (0..<count).map { Int32($0 * stride) }
  }

  /// Whether the axis counts the chirps of a frame in their order.
  func isEveryChirp(of shape: FrameShape) -> Bool {
    let stride = Int32(shape.receivers * shape.samplesPerChirp)
    return axis == .chirp && places.count == shape.chirps
      && places.last == stride * Int32(shape.chirps - 1)
  }

  /// The axes inside a frame, outermost first, those of one element left out.
  static func axes(
    of shape: FrameShape, encoding: SampleEncoding, path: String
  ) throws(RecordingError) -> [StoredAxis] {
    let names = encoding.axes
    let transmitters = names.contains(.transmitter) ? shape.transmitters : 1
    let chirp = shape.receivers * shape.samplesPerChirp
    var receivers = StoredAxis(.receiver, count: shape.receivers, stride: shape.samplesPerChirp)
    if let lanes = encoding.lanes {
      receivers.places = lanes.map { $0.map { Int32($0 * shape.samplesPerChirp) } ?? -1 }
    }
    let known: [RecordingAxis: StoredAxis] = [
      .chirp: StoredAxis(
        .chirp, count: shape.chirps / transmitters, stride: chirp * transmitters),
      .transmitter: StoredAxis(.transmitter, count: transmitters, stride: chirp),
      .receiver: receivers,
      .sample: StoredAxis(.sample, count: shape.samplesPerChirp, stride: 1),
    ]
    guard Set(names).count == names.count,
      known.values.allSatisfy({ $0.places.count == 1 || names.contains($0.axis) })
    else {
      throw .invalidField(
        path: path, field: "radar:axes", found: names.map(\.rawValue).joined(separator: ", "),
        expected: "each axis once")
    }
    let axes = names.compactMap { known[$0] }.filter { $0.places.count > 1 }

    // Chirps whose transmitters take turns right inside them are one axis.
    if axes.count >= 2, axes[0].axis == .chirp, axes[1].axis == .transmitter {
      return [StoredAxis(.chirp, count: shape.chirps, stride: chirp)] + axes.dropFirst(2)
    }
    if let first = axes.first, first.axis == .transmitter, shape.chirps == shape.transmitters {
      return [StoredAxis(.chirp, count: shape.chirps, stride: chirp)] + axes.dropFirst()
    }
    return axes
  }

  /// The sample that each stored one is, less than zero if the frame does not have it.
  static func places(of axes: [StoredAxis]) -> [Int32] {
    axes.reduce([0]) { outer, axis in
      var inner: [Int32] = []
      inner.reserveCapacity(outer.count * axis.places.count)
      for place in outer {
        for step in axis.places { inner.append(place < 0 || step < 0 ? -1 : place + step) }
      }
      return inner
    }
  }
}
