/// What a bad network does to datagrams: it loses some, delays some, and delivers some twice.
///
/// What becomes of each is drawn from a generator, so that the same seed gives the same faults.
public struct BadNetwork<Generator: RandomNumberGenerator & Sendable>: Sendable {
  /// How often it does what.
  public struct Faults: Hashable, Sendable {
    /// The share of datagrams that are lost.
    public var loss: Double

    /// The share of those left that are overtaken by one to eight others.
    public var reordering: Double

    /// The share of those left that come once more, after none to eight others.
    public var duplication: Double

    /// Creates faults: none without arguments.
    ///
    /// - Precondition: Each is a share, from zero to one.
    public init(loss: Double = 0, reordering: Double = 0, duplication: Double = 0) {
      for share in [loss, reordering, duplication] {
        precondition((0...1).contains(share), "\(share) is no share of datagrams")
      }
      self.loss = loss
      self.reordering = reordering
      self.duplication = duplication
    }
  }

  /// How often it does what.
  public let faults: Faults

  /// The datagrams that it took.
  public private(set) var taken = 0

  /// The datagrams that it lost.
  public private(set) var lost = 0

  /// The datagrams that it delayed.
  public private(set) var delayed = 0

  /// The datagrams that it delivered twice.
  public private(set) var duplicated = 0

  private var generator: Generator

  /// The datagrams on their way, each with the number of the datagram behind which it leaves.
  private var held: [(leaves: Int, datagram: [UInt8])] = []

  /// Creates a network.
  public init(faults: Faults, using generator: Generator) {
    self.faults = faults
    self.generator = generator
  }

  /// Takes a datagram and calls `body` with those that leave the network with it, in their order.
  ///
  /// - Throws: What `body` throws.
  public mutating func pass<Failure: Error>(
    _ datagram: [UInt8], each body: ([UInt8]) throws(Failure) -> Void
  ) throws(Failure) {
    taken += 1
    if happens(faults.loss) {
      lost += 1
    } else {
      let isDelayed = happens(faults.reordering)
      if happens(faults.duplication) {
        duplicated += 1
        held.append((taken + Int.random(in: 0...8, using: &generator), datagram))
      }
      if isDelayed {
        delayed += 1
        held.append((taken + Int.random(in: 1...8, using: &generator), datagram))
      } else {
        try body(datagram)
      }
    }
    guard !held.isEmpty else { return }
    for leaving in held where leaving.leaves <= taken { try body(leaving.datagram) }
    held.removeAll { $0.leaves <= taken }
  }

  /// Lets everything leave that is still on its way.
  ///
  /// - Throws: What `body` throws.
  public mutating func finish<Failure: Error>(
    each body: ([UInt8]) throws(Failure) -> Void
  ) throws(Failure) {
    for leaving in held { try body(leaving.datagram) }
    held = []
  }

  private mutating func happens(_ share: Double) -> Bool {
    share > 0 && Double.random(in: 0..<1, using: &generator) < share
  }
}
