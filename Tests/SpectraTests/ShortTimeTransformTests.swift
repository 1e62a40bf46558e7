import CAllocationCounter
import Spectra
import Testing

@Suite("Short-time transform")
struct ShortTimeTransformTests {
  private struct Golden: Decodable {
    var tolerance: Float
    var window: Int
    var hop: Int
    var signal: [Float]
    var spectra: [[Float]]
  }

  /// All spectra of `signal`, handed over in pieces of `piece` samples.
  private func spectra(
    of signal: [Float], window: Int, hop: Int, channels: Int = 1, removesMean: Bool = false,
    piece: Int
  ) -> [[Float]] {
    var transform = ShortTimeTransform(
      window: window, hop: hop, channels: channels, removesMean: removesMean)
    var spectra: [[Float]] = []
    let step = piece * 2 * channels
    for start in stride(from: 0, to: signal.count, by: step) {
      let part = Array(signal[start..<min(start + step, signal.count)])
      transform.append(part.span) { spectrum in
        spectra.append(spectrum.indices.map { spectrum[$0] })
      }
    }
    return spectra
  }

  @Test("Spectra agree with SciPy's ShortTimeFFT")
  func golden() throws {
    let golden = try SpectraTests.golden("short_time_transform", as: Golden.self)
    let spectra = spectra(of: golden.signal, window: golden.window, hop: golden.hop, piece: 70)
    #expect(spectra.count == golden.spectra.count)
    for (spectrum, expected) in zip(spectra, golden.spectra) {
      for (value, other) in zip(spectrum, expected) {
        #expect(abs(value - other) <= golden.tolerance * 16)
      }
    }
  }

  @Test("Spectra do not depend on how the signal was cut", arguments: [1, 2, 3, 7, 16, 69])
  func cuts(piece: Int) throws {
    let golden = try SpectraTests.golden("short_time_transform", as: Golden.self)
    for hop in [1, 5, 16, 21] {
      let whole = spectra(of: golden.signal, window: golden.window, hop: hop, piece: 70)
      #expect(spectra(of: golden.signal, window: golden.window, hop: hop, piece: piece) == whole)
      #expect(whole.count == (70 - golden.window) / hop + 1)
    }
  }

  @Test("Channels side by side have the spectra they have alone")
  func channels() throws {
    let golden = try SpectraTests.golden("short_time_transform", as: Golden.self)
    let other: [Float] = golden.signal.reversed().map { $0 * 2 }
    let both = stride(from: 0, to: golden.signal.count, by: 2).flatMap { index -> [Float] in
      [golden.signal[index], golden.signal[index + 1], other[index], other[index + 1]]
    }
    let first = spectra(of: golden.signal, window: 16, hop: 5, piece: 70)
    let second = spectra(of: other, window: 16, hop: 5, piece: 70)
    let together = spectra(of: both, window: 16, hop: 5, channels: 2, piece: 70)
    for (spectrum, (one, two)) in zip(together, zip(first, second)) {
      for (value, expected) in zip(spectrum, one + two) { #expect(abs(value - expected) < 1e-4) }
    }
  }

  @Test("A constant leaves nothing when the mean is removed")
  func mean() {
    let constant = [Float](repeating: 3, count: 64)
    for spectrum in spectra(of: constant, window: 8, hop: 4, removesMean: true, piece: 32) {
      #expect(spectrum.allSatisfy { abs($0) < 1e-5 })
    }
  }

  /// All rows of levels of `signal`, handed over in pieces of `piece` samples.
  private func levels(
    of signal: [Float], validity: [Bool], window: Int, hop: Int, removesMean: Bool, piece: Int
  ) -> (levels: [Float], damages: [Double]) {
    var transform = ShortTimeTransform(window: window, hop: hop, removesMean: removesMean)
    var levels: [Float] = []
    var damages: [Double] = []
    for start in stride(from: 0, to: validity.count, by: piece) {
      let end = min(start + piece, validity.count)
      let part = Array(signal[2 * start..<2 * end])
      let marks = Array(validity[start..<end])
      transform.append(part.span, validity: marks.span, levels: &levels) { damages.append($0) }
    }
    return (levels, damages)
  }

  @Test(
    "Levels are those of the spectra, of any window, however cut, samples lost or not",
    arguments: [32, 64, 128, 256], [false, true])
  func levels(window: Int, removesMean: Bool) {
    let count = 3 * window + 41
    let signal = (0..<2 * count).map { Float(($0 * 7919 + 104_729) % 1009) / 504 - 0.7 }
    var damaged = [Bool](repeating: true, count: count)
    for index in [17, 18, 2 * window + 9] { damaged[index] = false }
    for hop in [1, 5, 16, window + 3] {
      for validity in [[Bool](repeating: true, count: count), damaged] {
        var transform = ShortTimeTransform(window: window, hop: hop, removesMean: removesMean)
        var expected: [Float] = []
        var shares: [Double] = []
        transform.append(signal.span, validity: validity.span) { spectrum, damage in
          for bin in 0..<window {
            let (real, imaginary) = (spectrum[2 * bin], spectrum[2 * bin + 1])
            expected.append(decibels(power: real * real + imaginary * imaginary))
          }
          shares.append(damage)
        }
        let whole = levels(
          of: signal, validity: validity, window: window, hop: hop, removesMean: removesMean,
          piece: count)
        #expect(whole.damages == shares && whole.levels.count == expected.count)
        let strongest = expected.max() ?? 0
        let apart = zip(whole.levels, expected).map { $1 > strongest - 80 ? abs($0 - $1) : 0 }.max()
        #expect(apart ?? .infinity < 0.05, "\(hop)")
        for piece in [1, 7, window] {
          let cut = levels(
            of: signal, validity: validity, window: window, hop: hop, removesMean: removesMean,
            piece: piece)
          #expect(cut.levels == whole.levels && cut.damages == whole.damages)
        }
      }
    }
  }

  @Test("A minute of windows becomes levels without an allocation", arguments: [64, 200, 256])
  func allocations(window: Int) {
    var transform = ShortTimeTransform(window: window, hop: 16)
    let signal = [Float](repeating: 1, count: 12_000)
    let validity = [Bool](repeating: true, count: 6000)
    var levels: [Float] = []
    transform.append(signal.span, validity: validity.span, levels: &levels) { _ in }
    levels.removeAll(keepingCapacity: true)
    transform.restart()
    let before = allocation_count()
    transform.append(signal.span, validity: validity.span, levels: &levels) { _ in }
    #expect(allocation_count() - before == 0)
    #expect(levels.count == ((6000 - window) / 16 + 1) * window)
  }

  @Test("A window with an odd number of samples traps")
  func oddWindow() async {
    await #expect(processExitsWith: .failure) { _ = ShortTimeTransform(window: 7, hop: 1) }
  }
}
