import Foundation

/// Writes clouds of points of four people, two of each of their two gestures.
///
/// - Returns: The folder with the files.
func pointClouds(in folder: TemporaryFolder) throws -> String {
  let points = folder.path("points")
  try FileManager.default.createDirectory(atPath: points, withIntermediateDirectories: true)
  for person in 1...4 {
    for (label, lift) in [("UP", 0.05), ("PS", 0.0)] {
      var text = "Frame #,# Obj,X,Y,Z,Doppler,Intensity\n"
      for gesture in 0..<2 {
        for frame in 0..<12 {
          for point in 0..<10 {
            let z = lift * Double(frame) * Double(point) / 10
            let y = 1.2 - (0.05 - lift) * Double(frame) * Double(point) / 10
            text += "\(100 * gesture + frame),10,\(0.01 * Double(person)),\(y),\(z),0.3,12\n"
          }
        }
      }
      try text.write(
        toFile: "\(points)/\(person)_x_\(label).csv", atomically: true, encoding: .utf8)
    }
  }
  return points
}
