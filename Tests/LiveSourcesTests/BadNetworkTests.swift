import LiveSources
import Testing

/// The same numbers for the same seed.
struct TestGenerator: RandomNumberGenerator, Sendable {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var bits = state
    bits = (bits ^ (bits >> 30)) &* 0xBF58_476D_1CE4_E5B9
    bits = (bits ^ (bits >> 27)) &* 0x94D0_49BB_1331_11EB
    return bits ^ (bits >> 31)
  }
}

@Suite("A bad network")
struct BadNetworkTests {
  private func send(
    _ count: Int, faults: BadNetwork<TestGenerator>.Faults, seed: UInt64
  ) -> (delivered: [Int], network: BadNetwork<TestGenerator>) {
    var network = BadNetwork(faults: faults, using: TestGenerator(state: seed))
    var delivered: [Int] = []
    func take(_ datagram: [UInt8]) {
      delivered.append(Int(datagram[0]) | Int(datagram[1]) << 8 | Int(datagram[2]) << 16)
    }
    for index in 0..<count {
      let datagram = [UInt8(index & 255), UInt8(index >> 8 & 255), UInt8(index >> 16)]
      network.pass(datagram, each: take)
    }
    network.finish(each: take)
    return (delivered, network)
  }

  @Test("Without faults everything is delivered in order")
  func faultless() {
    #expect(send(1000, faults: .init(), seed: 1).delivered == Array(0..<1000))
  }

  @Test("Faults are as frequent as was asked for, and each datagram is accounted for")
  func frequency() {
    let (delivered, network) = send(
      100_000, faults: .init(loss: 0.02, reordering: 0.05, duplication: 0.03), seed: 2)
    // Four standard deviations of a binomial distribution.
    #expect(abs(network.lost - 2000) < 4 * 45)
    #expect(abs(network.delayed - 4900) < 4 * 70)
    #expect(abs(network.duplicated - 2940) < 4 * 55)
    #expect(network.taken == 100_000)
    #expect(delivered.count == 100_000 - network.lost + network.duplicated)
    #expect(Set(delivered).count == 100_000 - network.lost)
    // Nothing is overtaken by more than it says.
    var newest = 0
    for index in delivered {
      newest = max(newest, index)
      #expect(newest - index <= 8)
    }
  }

  @Test("The same seed has the same faults, and another one others")
  func seeds() {
    let faults = BadNetwork<TestGenerator>.Faults(loss: 0.1, reordering: 0.1, duplication: 0.1)
    let first = send(1000, faults: faults, seed: 3).delivered
    #expect(send(1000, faults: faults, seed: 3).delivered == first)
    #expect(send(1000, faults: faults, seed: 4).delivered != first)
  }
}
