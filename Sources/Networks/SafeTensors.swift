public import Autodiff

#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Musl)
  internal import Musl
#elseif canImport(Darwin)
  internal import Darwin
#endif
#if canImport(FoundationEssentials)
  internal import FoundationEssentials
#else
  internal import Foundation
#endif

/// A file of named tensors with notes, in the safetensors format.
///
/// A file is the length of its header (unsigned, 64 bits, little-endian), the header in JSON, and
/// the numbers of all tensors one after the other. What is written has sorted names, so the same
/// content has the same bytes. Floats of 16 and 64 bits are read too, and become 32 bits wide.
public struct SafeTensors: Equatable, Sendable {
  /// Tensors by their names.
  public var tensors: [String: Tensor<Float>]

  /// Notes about them.
  public var notes: [String: String]

  /// Creates a file of tensors.
  public init(tensors: [String: Tensor<Float>] = [:], notes: [String: String] = [:]) {
    self.tensors = tensors
    self.notes = notes
  }

  /// The longest header that is read, in bytes.
  static let longestHeader = 16 << 20

  /// What the header says of one tensor.
  private struct Entry: Codable {
    var dtype: String
    var shape: [Int]
    var data_offsets: [Int]
  }

  /// One value of the header: a tensor or the notes.
  private enum Item: Codable {
    case tensor(Entry)
    case notes([String: String])

    init(from decoder: any Decoder) throws {
      let container = try decoder.singleValueContainer()
      if let entry = try? container.decode(Entry.self) {
        self = .tensor(entry)
      } else {
        self = .notes(try container.decode([String: String].self))
      }
    }

    func encode(to encoder: any Encoder) throws {
      var container = encoder.singleValueContainer()
      switch self {
      case .tensor(let entry): try container.encode(entry)
      case .notes(let notes): try container.encode(notes)
      }
    }
  }
}

// MARK: - Bytes

extension SafeTensors {
  /// Reads a file from its bytes.
  ///
  /// - Throws: ``SafeTensorsError`` if they are not a whole file of floats.
  public init(bytes: [UInt8]) throws {
    guard bytes.count >= 8 else { throw SafeTensorsError.truncated(found: bytes.count, needed: 8) }
    let length = bytes[..<8].reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
    guard length <= Self.longestHeader else { throw SafeTensorsError.foreign }
    let start = 8 + Int(length)
    guard start <= bytes.count else {
      throw SafeTensorsError.truncated(found: bytes.count, needed: start)
    }
    guard let header = try? JSONDecoder().decode([String: Item].self, from: Data(bytes[8..<start]))
    else { throw SafeTensorsError.foreign }
    self.init()
    var end = 0
    for (name, item) in header {
      switch item {
      case .notes(let notes): self.notes = notes
      case .tensor(let entry):
        guard let type = SafeTensorsType(rawValue: entry.dtype) else {
          throw SafeTensorsError.unsupported(tensor: name, type: entry.dtype)
        }
        let count = try Self.elementCount(of: entry, width: type.width, name: name)
        let first = entry.data_offsets[0]
        let size = type.width * count
        guard start + first + size <= bytes.count else {
          throw SafeTensorsError.truncated(found: bytes.count, needed: start + first + size)
        }
        end = max(end, first + size)
        tensors[name] = Tensor(
          (0..<count).map { index in
            let place = start + first + type.width * index
            let bits = (0..<type.width).reduce(UInt64(0)) {
              $0 | UInt64(bytes[place + $1]) << (8 * UInt64($1))
            }
            return type.number(bits)
          }, shape: entry.shape)
      }
    }
    guard start + end == bytes.count else {
      throw SafeTensorsError.trailing(found: bytes.count, needed: start + end)
    }
  }

  /// The number of elements of a tensor whose shape and place agree.
  private static func elementCount(of entry: Entry, width: Int, name: String) throws -> Int {
    var count = 1
    for length in entry.shape {
      let (product, overflows) = count.multipliedReportingOverflow(by: length)
      guard length >= 0, !overflows, product <= 1 << 32 else {
        throw SafeTensorsError.misplaced(tensor: name)
      }
      count = product
    }
    guard entry.data_offsets.count == 2, entry.data_offsets[0] >= 0,
      entry.data_offsets[0] <= entry.data_offsets[1], entry.data_offsets[1] <= 1 << 40,
      entry.data_offsets[1] - entry.data_offsets[0] == width * count
    else { throw SafeTensorsError.misplaced(tensor: name) }
    return count
  }

  /// The bytes of the file.
  public var bytes: [UInt8] {
    var header: [String: Item] = notes.isEmpty ? [:] : ["__metadata__": .notes(notes)]
    var body: [UInt8] = []
    for (name, tensor) in tensors.sorted(by: { $0.key < $1.key }) {
      let start = body.count
      for element in tensor.elements {
        let bits = element.bitPattern
        for shift in stride(from: 0, to: 32, by: 8) { body.append(UInt8(bits >> shift & 255)) }
      }
      header[name] = .tensor(
        Entry(dtype: "F32", shape: tensor.shape, data_offsets: [start, body.count]))
    }
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    var text = (try? encoder.encode(header)).map { [UInt8]($0) } ?? []
    // Numbers start at a multiple of eight, as the format asks.
    text += Array(repeating: UInt8(ascii: " "), count: (8 - text.count % 8) % 8)
    let length = (0..<8).map { UInt8(UInt64(text.count) >> (8 * UInt64($0)) & 255) }
    return length + text + body
  }
}

// MARK: - Files

extension SafeTensors {
  /// Reads the file at `path`.
  ///
  /// - Throws: ``SafeTensorsError`` if it cannot be read, or is not a file of floats.
  public init(path: String) throws {
    guard let data = try? Data(contentsOf: URL(fileURLWithPath: path)) else {
      throw SafeTensorsError.unreadable(path)
    }
    try self.init(bytes: [UInt8](data))
  }

  /// What is added to the name of a file until it is complete.
  public static let partialSuffix = ".partial"

  /// Whether a file could be written to `path`, as far as can be told without writing one: there is
  /// a folder that takes files, and no folder, device or pipe of that name.
  public static func canWrite(to path: String) -> Bool {
    func type(_ path: String) -> FileAttributeType? {
      // What a link means counts, not the link.
      let resolved = URL(fileURLWithPath: path).resolvingSymlinksInPath().path
      let attributes = try? FileManager.default.attributesOfItem(atPath: resolved)
      return attributes?[.type] as? FileAttributeType
    }
    let folder = URL(fileURLWithPath: path).deletingLastPathComponent().path
    return !path.hasSuffix("/") && type(folder) == .typeDirectory
      && FileManager.default.isWritableFile(atPath: folder)
      && [nil, .typeRegular].contains(type(path))
  }

  /// Writes the file to `path`, which holds either what it held before or the whole file.
  ///
  /// - Throws: ``SafeTensorsError/unwritable(_:)`` if it cannot be written.
  public func write(to path: String) throws {
    guard Self.canWrite(to: path) else { throw SafeTensorsError.unwritable(path) }
    // One name for what is not complete: whoever is killed here leaves one such file, not many.
    let partial = path + Self.partialSuffix
    // What has that name may be a link to anything; if it is a folder it stays, and nothing is written.
    _ = unsafe unlink(partial)
    do {
      try Data(bytes).write(to: URL(fileURLWithPath: partial), options: .withoutOverwriting)
    } catch {
      _ = unsafe unlink(partial)
      throw SafeTensorsError.unwritable(path)
    }
    guard unsafe rename(partial, path) == 0 else {
      _ = unsafe unlink(partial)
      throw SafeTensorsError.unwritable(path)
    }
  }
}

/// Why a file of tensors cannot be read or written.
public enum SafeTensorsError: Error, Equatable, Sendable {
  /// The file cannot be opened.
  case unreadable(String)

  /// The file cannot be written.
  case unwritable(String)

  /// The file ends before it should.
  case truncated(found: Int, needed: Int)

  /// The file goes on after its last tensor.
  case trailing(found: Int, needed: Int)

  /// The header is not that of a file of tensors.
  case foreign

  /// A tensor's shape does not agree with its place in the file.
  case misplaced(tensor: String)

  /// A tensor is made of other numbers than floats of 16, 32 or 64 bits.
  case unsupported(tensor: String, type: String)
}

extension SafeTensorsError: CustomStringConvertible {
  /// One sentence with the facts on both sides.
  public var description: String {
    switch self {
    case .unreadable(let path): "\(path) cannot be read"
    case .unwritable(let path): "\(path) cannot be written"
    case .truncated(let found, let needed):
      "the model file ends after \(found) bytes, but its header asks for \(needed)"
    case .trailing(let found, let needed):
      "the model file has \(found) bytes, but its tensors end after \(needed)"
    case .foreign: "the file does not begin like a safetensors file"
    case .misplaced(let tensor): "the shape of tensor \(tensor) contradicts its place in the file"
    case .unsupported(let tensor, let type):
      "tensor \(tensor) is made of \(type), and only F16, BF16, F32 and F64 are read"
    }
  }
}
