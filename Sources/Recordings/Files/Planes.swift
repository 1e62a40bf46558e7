/// A file whose frames are cut up: each of some axes lies outside of that of frames.
struct Planes: Hashable, Sendable {
  /// The bytes before the first plane.
  var offset: Int

  /// The planes in the file.
  var count: Int

  /// The units in a plane: frames, or samples of a continuous wave.
  var units: Int

  /// The bytes of a unit in one plane.
  var unitBytes: Int

  /// The bytes of a unit in all planes.
  var bytesPerFrame: Int { count * unitBytes }
}

/// Reads units in their order from all planes of a file.
struct PlaneGatherer: Sendable {
  private let planes: Planes
  private var unitsRead = 0

  /// The gathered bytes from `head` on that were not handed out yet.
  private var gathered: [UInt8] = []
  private var head = 0

  init(_ planes: Planes) {
    self.planes = planes
  }

  /// Overwrites the start of `buffer` with the next bytes.
  ///
  /// - Returns: Their number, zero at the end, and less than zero if the system failed.
  mutating func read(_ descriptor: CInt, into buffer: inout [UInt8]) -> Int {
    if head == gathered.count {
      guard gather(descriptor, units: max(buffer.count / planes.bytesPerFrame, 1)) else {
        return -1
      }
      head = 0
    }
    let count = min(gathered.count - head, buffer.count)
    buffer.replaceSubrange(..<count, with: gathered[head..<head + count])
    head += count
    return count
  }

  /// Gathers the next units.
  ///
  /// - Returns: Whether the system gave them.
  private mutating func gather(_ descriptor: CInt, units wanted: Int) -> Bool {
    let units = min(wanted, planes.units - unitsRead)
    gathered = [UInt8](repeating: 0, count: units * planes.bytesPerFrame)
    var piece = [UInt8](repeating: 0, count: units * planes.unitBytes)
    for plane in 0..<planes.count {
      let first = plane * planes.units + unitsRead
      let count = systemRead(
        descriptor, into: &piece, at: planes.offset + first * planes.unitBytes)
      guard count == piece.count else { return false }
      for unit in 0..<units {
        let target = (unit * planes.count + plane) * planes.unitBytes
        for byte in 0..<planes.unitBytes {
          gathered[target + byte] = piece[unit * planes.unitBytes + byte]
        }
      }
    }
    unitsRead += units
    return true
  }
}
