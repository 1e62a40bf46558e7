/// Writes an array of floats as a NumPy file, piece by piece and in constant memory.
///
/// The length of the first axis is known at the end only. The file has its name only when it is
/// complete: a writer that is dropped before ``finish()`` leaves nothing behind.
public struct NumPyWriter: ~Copyable {
  private let axes: [Int]
  private var file: OutputFile
  private var count = 0

  /// Creates an array.
  ///
  /// - Parameters:
  ///   - path: The file.
  ///   - axes: The number of elements along each axis but the first.
  /// - Throws: `RecordingError.unwritable` if the folder takes no files.
  /// - Precondition: Every axis has an element.
  public init(path: String, axes: [Int]) throws(RecordingError) {
    precondition(axes.allSatisfy { $0 > 0 }, "an axis without elements takes no pieces")
    var file = try OutputFile(path: path)
    try file.write(Self.header(shape: [0] + axes)[...])
    self.axes = axes
    self.file = file
  }

  /// Appends a piece of the shape of the axes, row-major.
  ///
  /// - Throws: `RecordingError.unwritable` if the system takes only a part of it.
  /// - Precondition: There is an element for each place.
  public mutating func append(_ elements: [Float]) throws(RecordingError) {
    precondition(
      elements.count == axes.reduce(1, *), "\(elements.count) elements do not fill \(axes)")
    var bytes: [UInt8] = []
    bytes.reserveCapacity(4 * elements.count)
    for element in elements {
      let bits = element.bitPattern
      for shift in [0, 8, 16, 24] { bytes.append(UInt8(truncatingIfNeeded: bits >> shift)) }
    }
    try file.write(bytes[...])
    count += 1
  }

  /// Completes the array.
  ///
  /// - Throws: `RecordingError.unwritable` if the file cannot be completed.
  public consuming func finish() throws(RecordingError) {
    try file.rewriteStart(Self.header(shape: [count] + axes))
    try file.commit()
  }

  /// The header of an array, always 192 bytes long so that it can be replaced.
  private static func header(shape: [Int]) -> [UInt8] {
    let lengths = shape.map(String.init).joined(separator: ", ")
    let text =
      "{'descr': '<f4', 'fortran_order': False, 'shape': (\(lengths)\(shape.count == 1 ? "," : "")), }"
    let length = 192 - 10
    precondition(text.utf8.count < length, "an array has not that many axes")
    let padding = String(repeating: " ", count: length - text.utf8.count - 1)
    let start: [UInt8] = [0x93] + Array("NUMPY".utf8) + [1, 0, UInt8(length), 0]
    return start + Array((text + padding + "\n").utf8)
  }
}
