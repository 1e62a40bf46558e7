internal import Radar

/// Where each scalar of a stored frame goes in a ``Frame``.
///
/// The stored scalars fall into blocks that go to the frame one after another, so that one table
/// serves all of them: a block is a chirp where chirps are the outermost axis, else a frame.
struct FrameLayout: Hashable, Sendable {
  /// The most bytes that a frame may take, stored or as floats: untrusted sidecars ask for more.
  ///
  /// No buffer is longer than two frames and a bit, so none is longer than 64 MiB.
  static let byteLimit = 24 << 20

  let encoding: SampleEncoding

  /// The chirps of a frame.
  let chirps: Int

  /// The bytes that a frame takes in the recording.
  let bytesPerFrame: Int

  /// The bytes that a chirp takes, on average if chirps are not the outermost axis.
  let bytesPerChirp: Int

  /// The number of blocks in a frame.
  let blocks: Int

  /// The stored scalars in a block.
  let storedScalars: Int

  /// The scalars of the frame that a block fills.
  let scalars: Int

  /// The scalar of its block that each stored one is, less than zero if it is none, and `nil` if
  /// each is in its own place.
  let destinations: [Int32]?

  /// Whether each chirp holds its samples in the order of a frame, behind its header, so that only
  /// in-phase and quadrature numbers may change places within a group.
  let isInOrderOfFrame: Bool

  /// Creates the layout of frames with the given shape.
  ///
  /// - Throws: `RecordingError` if the encoding cannot hold such frames.
  init(shape: FrameShape, encoding: SampleEncoding, path: String) throws(RecordingError) {
    let axes = try StoredAxis.axes(of: shape, encoding: encoding, path: path)
    let components = shape.sampleKind.components
    let group = components == 1 ? 1 : encoding.order.groupLength
    let stored = axes.reduce(1) { $0 * $1.places.count }
    let storedPerChirp = stored / shape.chirps

    let startsWithChirps = axes.first.map { $0.isEveryChirp(of: shape) } ?? false
    let chirpsAreOutermost = startsWithChirps || shape.chirps == 1
    let isByChirp = chirpsAreOutermost && storedPerChirp.isMultiple(of: group)
    guard stored.isMultiple(of: group), isByChirp || encoding.chirpHeaderBytes == 0 else {
      throw .invalidField(
        path: path, field: "radar:iq_order", found: encoding.order.rawValue,
        expected: "an order whose groups of \(group) divide the samples of a chirp, \(stored)"
          + " in \(shape.chirps)")
    }
    let bitsPerChirp =
      storedPerChirp * encoding.datatype.bitsPerSample + 8 * encoding.chirpHeaderBytes
    guard bitsPerChirp.isMultiple(of: encoding.datatype.scalar == .u12 ? 24 : 8) else {
      throw .invalidField(
        path: path, field: "radar:packing", found: "\(bitsPerChirp) bits a chirp",
        expected: "pairs of samples in whole bytes")
    }

    let header = 8 * encoding.chirpHeaderBytes / encoding.datatype.scalar.bits
    let places = StoredAxis.places(
      of: isByChirp && startsWithChirps ? Array(axes.dropFirst()) : axes)
    let perChirp = shape.receivers * shape.samplesPerChirp
    isInOrderOfFrame =
      places.count == (isByChirp && startsWithChirps ? perChirp : shape.sampleCount)
      && storedPerChirp == perChirp && storedPerChirp.isMultiple(of: group)
      && places.indices.allSatisfy { places[$0] == $0 }
    let destinations =
      Array(repeating: Int32(-1), count: header)
      + (0..<places.count * components).map { position in
        guard components == 2 else { return places[position] }
        let (sample, component) = encoding.order.locate(position)
        return places[sample] < 0 ? -1 : places[sample] * 2 + Int32(component)
      }
    let isIdentity = destinations.indices.allSatisfy { destinations[$0] == $0 }

    self.encoding = encoding
    chirps = shape.chirps
    bytesPerChirp = bitsPerChirp / 8
    bytesPerFrame = bytesPerChirp * shape.chirps
    self.destinations = isIdentity ? nil : destinations
    blocks = isByChirp && !isIdentity ? shape.chirps : 1
    storedScalars = isIdentity ? shape.scalarCount : destinations.count
    scalars = shape.scalarCount / blocks
  }
}

extension FrameLayout {
  /// Which chirps have all their samples, if the stored bytes in `ranges` were lost.
  ///
  /// The result is an array of its own: with Swift 6.3.1 in release, marks made in place in the array
  /// of a frame reached the copies of that frame.
  func validity(lost ranges: [Range<Int>]) -> [Bool] {
    let bits = encoding.datatype.scalar.bits
    var validity = [Bool](repeating: true, count: chirps)
    let scalarsPerChirp = scalars * blocks / chirps
    for range in ranges {
      let first = range.lowerBound * 8 / bits
      let last = min((range.upperBound * 8 + bits - 1) / bits, storedScalars * blocks)
      for stored in first..<last {
        let (block, position) = stored.quotientAndRemainder(dividingBy: storedScalars)
        let destination = destinations.map { Int($0[position]) } ?? position
        if destination >= 0 { validity[(block * scalars + destination) / scalarsPerChirp] = false }
      }
    }
    return validity
  }
}
