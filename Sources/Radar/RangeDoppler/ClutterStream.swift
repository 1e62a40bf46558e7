/// Clutter removal along samples that go on and on, as those of a continuous wave do.
///
/// Before its first sample a signal is taken to have stood still.
struct ClutterStream: Sendable {
  let removal: ClutterRemoval

  /// The two samples before those to come, or the background, and whether each is of use.
  private var last: [Float]
  private var lastButOne: [Float]
  private var isLastValid = true
  private var isLastButOneValid = true
  private var hasBegun = false

  /// Creates a removal that has seen nothing.
  ///
  /// - Parameters:
  ///   - removal: What is done.
  ///   - width: The scalars of a sample of all receivers.
  init(removal: ClutterRemoval, width: Int) {
    self.removal = removal
    last = Array(repeating: 0, count: width)
    lastButOne = last
  }

  /// Whether it changes samples: a mean is taken from windows, not from a stream.
  var isFilter: Bool {
    switch removal {
    case .none, .mean: false
    case .twoPulse, .threePulse, .background: true
    }
  }

  /// Replaces samples by what is left of them, and marks as lost what depends on lost ones.
  mutating func filter(_ samples: inout [Float], validity: inout [Bool]) {
    guard isFilter else { return }
    for chirp in validity.indices {
      let start = chirp * last.count
      if !hasBegun, validity[chirp] {
        hasBegun = true
        for index in last.indices { last[index] = samples[start + index] }
        lastButOne = last
      }
      if case .background(let rate) = removal {
        guard validity[chirp] else { continue }
        for index in last.indices {
          let difference = samples[start + index] - last[index]
          last[index] += rate * difference
          samples[start + index] = difference
        }
      } else {
        validity[chirp] = cancel(&samples, from: start, isValid: validity[chirp])
      }
    }
  }

  /// Replaces a sample by its difference from those before it.
  ///
  /// - Returns: Whether all of them are of use.
  private mutating func cancel(_ samples: inout [Float], from start: Int, isValid: Bool) -> Bool {
    let isThird = removal == .threePulse
    for index in last.indices {
      let sample = samples[start + index]
      samples[start + index] =
        isThird ? sample - 2 * last[index] + lastButOne[index] : sample - last[index]
      lastButOne[index] = last[index]
      last[index] = sample
    }
    let isWhole = isValid && isLastValid && (isLastButOneValid || !isThird)
    (isLastButOneValid, isLastValid) = (isLastValid, isValid)
    return isWhole
  }
}
