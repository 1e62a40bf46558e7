import Autodiff
import Gestures
import Testing

/// Codes that gather around a few centres, as learned ones do, or lie anywhere.
func someCodes(
  _ count: Int, bits: Int, seed: UInt64, spread: Double = 0.5
) -> [BinaryCode] {
  var generator = SeededGenerator(seed: seed)
  let centres = (0..<5).map { _ in
    (0..<bits).map { _ in Bool.random(using: &generator) }
  }
  return (0..<count).map { index in
    let centre = centres[index % centres.count]
    return BinaryCode(
      signsOf: centre.map { bit in
        let flips = Double.random(in: 0..<1, using: &generator) < spread
        return bit != flips ? 1 : -1
      })
  }
}

/// The nearest codes, by looking at each and sorting.
private func plainNearest(
  to code: BinaryCode, among codes: [BinaryCode], limit: Int, within distance: Int = .max
) -> [HammingIndex.Match] {
  let all = codes.enumerated().map { position, other in
    let bits = (0..<code.bitCount).count { code[$0] != other[$0] }
    return HammingIndex.Match(position: position, distance: bits)
  }
  let near = all.filter { $0.distance <= distance }
  return Array(
    near.sorted { ($0.distance, $0.position) < ($1.distance, $1.position) }.prefix(limit))
}

private func index(of codes: [BinaryCode], bits: Int) -> HammingIndex {
  var index = HammingIndex(bitCount: bits)
  for code in codes { index.append(code) }
  return index
}

@Suite("Hamming index")
struct HammingIndexTests {
  @Test(
    "It finds what sorting finds, with equal distances in the order of addition",
    arguments: [1, 8, 32, 63, 64, 65, 100, 128, 200])
  func exact(bits: Int) {
    // More than one block, and no whole number of them.
    let codes = someCodes(5001, bits: bits, seed: UInt64(bits))
    let index = index(of: codes, bits: bits)
    #expect(index.count == 5001 && index[4999] == codes[4999])
    for code in someCodes(3, bits: bits, seed: 99) + [codes[17], codes[5000]] {
      for limit in [0, 1, 7, 100, 6000] {
        #expect(
          index.nearest(to: code, limit: limit)
            == plainNearest(to: code, among: codes, limit: limit))
      }
      #expect(
        index.nearest(to: code, limit: 50, within: bits / 3)
          == plainNearest(to: code, among: codes, limit: 50, within: bits / 3))
    }
  }

  @Test("Codes that come nearer and nearer are all looked at, and equal ones keep their order")
  func adversarial() {
    let near = (0..<9000).map { position in
      BinaryCode(words: [UInt64.max >> UInt64(min(position / 140, 63))], bitCount: 64)
    }
    let zero = BinaryCode(words: [0], bitCount: 64)
    for codes in [near, near.reversed()] {
      #expect(
        index(of: codes, bits: 64).nearest(to: zero, limit: 333)
          == plainNearest(to: zero, among: codes, limit: 333))
    }
  }

  @Test("An index without codes finds nothing")
  func empty() {
    let index = HammingIndex(bitCount: 64)
    #expect(index.nearest(to: BinaryCode(words: [1], bitCount: 64), limit: 3).isEmpty)
  }

  @Test(
    "Multi-index hashing gives the same answers without looking at all codes",
    arguments: [16, 24, 64, 100, 128])
  func multiIndex(bits: Int) {
    for spread in [0.02, 0.1, 0.5] {
      let codes = someCodes(3000, bits: bits, seed: 5, spread: spread)
      let plain = index(of: codes, bits: bits)
      let hash = MultiIndexHash(plain)
      for code in [codes[11], codes[12]] + someCodes(3, bits: bits, seed: 5, spread: spread) {
        for limit in [1, 10, 700] {
          #expect(hash.nearest(to: code, limit: limit) == plain.nearest(to: code, limit: limit))
        }
      }
    }
  }

  @Test("The Hamming distance is a metric")
  func metric() {
    let codes = someCodes(20, bits: 77, seed: 3)
    for a in codes {
      #expect(a.distance(to: a) == 0)
      for b in codes {
        #expect(a.distance(to: b) == b.distance(to: a))
        for c in codes { #expect(a.distance(to: c) <= a.distance(to: b) + b.distance(to: c)) }
      }
    }
  }

  @Test("Codes of another length trap")
  func misfits() async {
    await #expect(processExitsWith: .failure) { _ = BinaryCode(words: [4], bitCount: 2) }
    await #expect(processExitsWith: .failure) {
      _ = HammingIndex(bitCount: 64).nearest(to: BinaryCode(words: [1], bitCount: 32), limit: 1)
    }
  }
}
