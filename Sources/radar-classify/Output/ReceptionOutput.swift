import Recordings

extension Reception {
  /// What became of a stream, as a person reads it.
  var summary: String {
    let harm = listed([
      (damagedFrames, "damaged"), (lostFrames, "lost"), (droppedFrames, "dropped"),
    ])
    let first = "\(frames + droppedFrames) frames, \(harm ?? "all whole")"
    return PacketCounts(self).map { "\(first); \($0.summary)" } ?? first
  }
}

/// The packets of a stream as the keys of a JSON object.
struct PacketCounts: Encodable {
  var received: Int
  var reordered: Int
  var duplicates: Int
  var late: Int
  var strays: Int
  var restarts: Int
  var lostBytes: Int
  var cutBytes: Int

  /// Counts packets, and is `nil` for a stream that has none.
  init?(_ reception: Reception) {
    guard reception.packets > 0 else { return nil }
    received = reception.packets
    reordered = reception.reordered
    duplicates = reception.duplicates
    late = reception.late
    strays = reception.strays
    restarts = reception.restarts
    lostBytes = reception.lostBytes
    cutBytes = reception.cutBytes
  }

  /// The counts as a person reads them.
  var summary: String {
    let faults = listed([
      (lostBytes, "bytes lost"), (reordered, "reordered"), (duplicates, "duplicates"),
      (late, "late"), (strays, "strays"), (restarts, "restarts"),
      (cutBytes, "bytes cut off at the end"),
    ])
    return "\(received) packets, \(faults ?? "none lost or out of order")"
  }
}

/// The counts above zero with their names, and `nil` if there are none.
private func listed(_ counts: [(Int, String)]) -> String? {
  let named = counts.filter { $0.0 > 0 }.map { "\($0.0) \($0.1)" }
  return named.isEmpty ? nil : named.joined(separator: ", ")
}
