#if canImport(FoundationEssentials)
  internal import FoundationEssentials
#else
  internal import Foundation
#endif

/// Point clouds as lines of text: `Frame #,# Obj,X,Y,Z,Doppler,Intensity`, one point a line.
///
/// Frames are counted; where some are missing in a row the hand was at rest, and a new gesture
/// begins. The name of a file says who made which gesture: `PERSON_PLACE_GESTURE.csv`.
public struct PointCloudFile: Sendable {
  /// The frames in a second.
  public var frameRate = 10.0

  /// The greatest step in the number of a frame within one gesture.
  public var longestGap = 5

  /// The fewest frames that make a gesture: what is shorter is a flicker.
  public var fewestFrames = 8

  /// The fewest points that make a gesture.
  public var fewestPoints = 100

  /// Creates a reader with the conventions of the mTransSee data set.
  public init() {}

  /// The gestures in a file.
  ///
  /// - Throws: ``PointCloudError`` if it cannot be read, or holds something else.
  public func sequences(path: String) throws(PointCloudError) -> [PointSequence] {
    guard let data = try? Data(contentsOf: URL(fileURLWithPath: path)) else {
      throw .unreadable(path)
    }
    return try sequences(in: String(decoding: data, as: UTF8.self), path: path)
  }

  /// The gestures in all files of a folder and its subfolders, by the names of the files.
  ///
  /// - Throws: ``PointCloudError`` if one of them cannot be read, or there is none.
  public func sequences(folder: String) throws(PointCloudError) -> [PointSequence] {
    guard let names = try? FileManager.default.subpathsOfDirectory(atPath: folder) else {
      throw .unreadable(folder)
    }
    var sequences: [PointSequence] = []
    for name in names.filter({ $0.hasSuffix(".csv") }).sorted() {
      sequences += try self.sequences(path: "\(folder)/\(name)")
    }
    guard !sequences.isEmpty else { throw .empty(folder) }
    return sequences
  }

  /// The gestures in the text of a file.
  ///
  /// - Parameters:
  ///   - text: The lines.
  ///   - path: The name of the file, which says who made which gesture.
  /// - Returns: The gestures, in order of time.
  /// - Throws: ``PointCloudError`` if a line is not what the format asks for.
  public func sequences(
    in text: String, path: String
  ) throws(PointCloudError) -> [PointSequence] {
    let lines = text.utf8.split(whereSeparator: { $0 == 10 || $0 == 13 })
    let header = lines.first.map { line in
      String(decoding: line, as: UTF8.self).filter { !$0.isWhitespace }.lowercased()
    }
    // Some files of the data set begin with their first point.
    let isNamed = header == "frame#,#obj,x,y,z,doppler,intensity"
    guard isNamed || lines.first.flatMap({ numbers(in: $0) }) != nil else { throw .foreign(path) }
    var gestures: [[(frame: Int, point: RadarPoint)]] = []
    var last = Int.min
    for (index, line) in lines.enumerated().dropFirst(isNamed ? 1 : 0) {
      guard let numbers = numbers(in: line), numbers[0].magnitude < 16_777_216,
        let frame = Int(exactly: numbers[0])
      else { throw .badLine(path, number: index + 1) }
      // A radar that was started again counts from the beginning.
      if gestures.isEmpty || frame < last || frame - last > longestGap { gestures.append([]) }
      last = frame
      let point = RadarPoint(
        position: SIMD3(numbers[2], numbers[3], numbers[4]), velocity: numbers[5],
        intensity: numbers[6], time: 0)
      gestures[gestures.count - 1].append((frame, point))
    }
    let names = path.split(separator: "/").last?.dropLast(4).split(separator: "_") ?? []
    return gestures.compactMap { gesture in
      guard let first = gesture.first?.frame, gesture.count >= fewestPoints,
        Set(gesture.map(\.frame)).count >= fewestFrames
      else { return nil }
      let points = gesture.map { frame, point in
        var point = point
        point.time = Float(Double(frame - first) / frameRate)
        return point
      }
      return PointSequence(
        source: path, start: Double(first) / frameRate, points: points,
        label: names.count > 1 ? names.last.map { String($0) } : nil,
        subject: names.count > 1 ? names.first.map { String($0) } : nil)
    }
  }
}

/// The seven numbers of a line, and `nil` if they are no numbers or not as many.
private func numbers(in line: some Collection<UInt8>) -> [Float]? {
  let fields = line.split(separator: UInt8(ascii: ","), omittingEmptySubsequences: false)
  let numbers = fields.compactMap { Float(String(decoding: $0, as: UTF8.self)) }
  return fields.count == 7 && numbers.count == 7 && numbers.allSatisfy(\.isFinite) ? numbers : nil
}

/// Why a file of points cannot be read.
public enum PointCloudError: Error, Equatable, Sendable {
  /// The file or folder cannot be opened.
  case unreadable(String)

  /// The file begins neither with the names of the columns nor with a point.
  case foreign(String)

  /// A line does not hold seven numbers.
  case badLine(String, number: Int)

  /// There are no gestures in the folder.
  case empty(String)
}

extension PointCloudError: CustomStringConvertible {
  /// One sentence with the facts.
  public var description: String {
    switch self {
    case .unreadable(let path): "\(path) cannot be read"
    case .foreign(let path):
      "\(path) does not begin with the columns Frame #, # Obj, X, Y, Z, Doppler, Intensity"
    case .badLine(let path, let number): "line \(number) of \(path) does not hold seven numbers"
    case .empty(let path): "there are no gestures made of points in \(path)"
    }
  }
}
