/// The samples that windows to come still need, in one piece.
struct SampleHistory: ~Copyable {
  private let window: Int
  private let hop: Int
  private let width: Int

  /// The samples, rows of `width` floats, and whether each was received: `held` from `start` on.
  private(set) var samples: AlignedBuffer<Float>
  private var isReceived: [Bool]
  private(set) var start = 0
  private var held = 0

  /// How many of those held were not received.
  private var lost = 0

  /// The samples that pass before the next window, where windows do not touch.
  private var skip = 0

  init(window: Int, hop: Int, width: Int) {
    self.window = window
    self.hop = hop
    self.width = width
    // Room for some windows at a time, which are then moved together.
    let room = window + max(window, min(64 * hop, 4 * window))
    samples = AlignedBuffer(repeating: 0, count: room * width)
    isReceived = Array(repeating: true, count: room)
  }

  /// Whether the next window is there.
  var isComplete: Bool { held >= window }

  /// How many windows are there of which nothing was lost, at least.
  var intactWindows: Int {
    guard held >= window else { return 0 }
    return lost == 0 ? (held - window) / hop + 1 : lostInWindow == 0 ? 1 : 0
  }

  /// How many samples of the next window were lost.
  var lostInWindow: Int {
    guard lost > 0 else { return 0 }
    return isReceived[start..<start + window].count { !$0 }
  }

  /// Whether the sample at `index` of the next window was received.
  func isReceived(_ index: Int) -> Bool { isReceived[start + index] }

  mutating func clear() {
    start = 0
    held = 0
    lost = 0
    skip = 0
  }

  /// Takes samples of `signal` from `first` on, until there is no more room or no more of them.
  ///
  /// - Returns: The first sample that was not taken.
  mutating func take(_ signal: Span<Float>, from first: Int, of count: Int) -> Int {
    let passed = min(skip, count - first)
    skip -= passed
    let first = first + passed
    let room = isReceived.count
    if start + held == room, first < count {
      move(&samples, from: start * width, count: held * width)
      moveMarks(&isReceived, from: start, count: held)
      start = 0
    }
    let taken = min(count - first, room - start - held)
    copy(
      signal, from: first * width, count: taken * width, to: &samples, at: (start + held) * width)
    setMarks(&isReceived, start + held..<start + held + taken)
    held += taken
    return first + taken
  }

  /// Marks those of the last `count` samples taken that `validity`, which ends with them, calls lost.
  mutating func mark(_ validity: Span<Bool>, last count: Int, before end: Int) {
    let last = min(count, held)
    guard hasLost(validity, end - last..<end) else { return }
    for index in 0..<last where !validity[end - 1 - index] {
      isReceived[start + held - 1 - index] = false
      lost += 1
    }
  }

  /// Drops the samples before the next window.
  mutating func advance() {
    let dropped = min(hop, held)
    if lost > 0 { lost -= isReceived[start..<start + dropped].count { !$0 } }
    skip += hop - dropped
    start += dropped
    held -= dropped
  }
}

/// Copies floats of a signal into a buffer.
private func copy(
  _ signal: Span<Float>, from source: Int, count: Int, to buffer: inout AlignedBuffer<Float>,
  at target: Int
) {
  precondition(
    source + count <= signal.count && target + count <= buffer.count, "a copy out of bounds")
  unsafe signal.withUnsafeBufferPointer { signal in
    unsafe buffer.withUnsafeBase { buffer in
      guard let signal = signal.baseAddress, let buffer = unsafe buffer else { return }
      unsafe (buffer + target).update(from: signal + source, count: count)
    }
  }
}

/// Moves floats within a buffer to its start.
private func move(_ buffer: inout AlignedBuffer<Float>, from source: Int, count: Int) {
  precondition(source + count <= buffer.count, "a move out of bounds")
  unsafe buffer.withUnsafeBase { buffer in
    guard let buffer = unsafe buffer else { return }
    unsafe buffer.update(from: buffer + source, count: count)
  }
}

/// Moves marks to the start of their array.
private func moveMarks(_ marks: inout [Bool], from source: Int, count: Int) {
  precondition(source + count <= marks.count, "a move out of bounds")
  unsafe marks.withUnsafeMutableBufferPointer { marks in
    guard let base = marks.baseAddress else { return }
    unsafe base.update(from: base + source, count: count)
  }
}

/// Marks samples as received.
private func setMarks(_ marks: inout [Bool], _ range: Range<Int>) {
  unsafe marks.withUnsafeMutableBufferPointer { marks in
    unsafe marks[range].update(repeating: true)
  }
}

/// Whether any of the samples in `range` was lost.
private func hasLost(_ validity: Span<Bool>, _ range: Range<Int>) -> Bool {
  unsafe validity.extracting(range).withUnsafeBytes { bytes in
    // A sum of bytes takes many at a time, a search for one of them does not.
    var received = 0
    for index in bytes.indices { received &+= unsafe Int(bytes[index]) }
    return received < bytes.count
  }
}
