internal import Synchronization

/// Memory for the elements of a tensor, which is used again when no tensor needs it any more.
///
/// A training step asks for the memory that the step before it gave back, so from the second step on
/// no block is new: nothing is mapped, zeroed or faulted in again. Blocks start at multiples of 64
/// bytes, as wide vectors like it. What is written while the memory is made never changes after.
@safe final class PooledMemory<Element: BitwiseCopyable & Sendable>: @unchecked Sendable {
  /// The number of elements.
  let count: Int

  private let pointer: UnsafeMutablePointer<Element>
  private let block: MemoryPool.Block
  private let copy = Mutex<[Element]?>(nil)

  /// Takes memory and has it filled.
  ///
  /// - Parameters:
  ///   - count: The number of elements.
  ///   - fill: Writes every element.
  init(count: Int, _ fill: (UnsafeMutablePointer<Element>) -> Void) {
    self.count = count
    block = MemoryPool.take(byteCount: max(count, 1) * MemoryLayout<Element>.stride)
    unsafe pointer = block.address.bindMemory(to: Element.self, capacity: max(count, 1))
    unsafe fill(pointer)
  }

  deinit { MemoryPool.giveBack(block) }

  /// The elements as an array, which is made once, when first asked for.
  var elements: [Element] {
    copy.withLock { copy in
      if let copy { return copy }
      let elements = unsafe Array(UnsafeBufferPointer(start: pointer, count: count))
      copy = elements
      return elements
    }
  }

  /// Calls `body` with the address of the first element.
  func withPointer<Result>(_ body: (UnsafePointer<Element>) -> Result) -> Result {
    unsafe body(UnsafePointer(pointer))
  }
}

/// Blocks of memory that wait to be used again, by their sizes.
private enum MemoryPool {
  @safe struct Block: @unchecked Sendable {
    let address: UnsafeMutableRawPointer
    let byteCount: Int
    let place: Int
  }

  private struct Shelf {
    var blocks = [[Block]](repeating: [], count: Int.bitWidth << 3)
    var byteCount = 0
  }

  /// More than this is not kept waiting, so that a process that was busy once does not stay large.
  private static let capacity = 256 << 20

  private static let shelf = Mutex(Shelf())

  static func take(byteCount: Int) -> Block {
    let (place, size) = sizeClass(of: byteCount)
    let waiting = shelf.withLock { shelf -> Block? in
      guard let block = shelf.blocks[place].popLast() else { return nil }
      shelf.byteCount -= size
      return block
    }
    if let waiting { return waiting }
    return unsafe Block(
      address: .allocate(byteCount: size, alignment: 64), byteCount: size, place: place)
  }

  static func giveBack(_ block: Block) {
    let isKept = shelf.withLock { shelf -> Bool in
      guard shelf.byteCount + block.byteCount <= capacity else { return false }
      shelf.byteCount += block.byteCount
      shelf.blocks[block.place].append(block)
      return true
    }
    if !isKept { unsafe block.address.deallocate() }
  }

  /// Sizes go in steps of an eighth, so that nearly equal ones share blocks.
  private static func sizeClass(of byteCount: Int) -> (place: Int, size: Int) {
    let last = max(byteCount, 512) - 1
    let exponent = Int.bitWidth - 1 - last.leadingZeroBitCount
    let eighth = last >> (exponent - 3) & 7
    return (exponent << 3 + eighth, (eighth + 9) << (exponent - 3))
  }
}
