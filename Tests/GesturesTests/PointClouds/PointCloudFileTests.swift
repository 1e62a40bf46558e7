import Foundation
import Gestures
import Testing

@Suite("Files of points")
struct PointCloudFileTests {
  private let header = "Frame #,# Obj,X,Y,Z,Doppler,Intensity\n"

  private func lines(_ frames: [Int], pointsEach: Int = 15) -> String {
    frames.map { frame in
      String(
        repeating: "\(frame),\(pointsEach),-0.25,1.5,0.125,0.33461,13\n", count: pointsEach)
    }.joined()
  }

  @Test("Gaps and new starts of the counter separate gestures, and flickers are left out")
  func splitting() throws {
    let text =
      header + lines(Array(100..<110)) + lines([114, 115]) + lines([130]) + lines(Array(140..<150))
      + lines(Array(3..<12))
    let found = try PointCloudFile().sequences(in: text, path: "data/17_1.2m_KO.csv")
    #expect(found.map(\.points.count) == [180, 150, 135])
    #expect(found.map(\.start) == [10, 14, 0.3])
    #expect(found.allSatisfy { $0.label == "KO" && $0.subject == "17" })
    #expect(abs(found[0].duration - 1.5) < 1e-6)
    #expect(found[0].points[0].position == SIMD3(-0.25, 1.5, 0.125))
    let bare = try PointCloudFile().sequences(
      in: String(text.dropFirst(header.count)), path: "17_1.2m_KO.csv")
    #expect(bare.map(\.points) == found.map(\.points))
    #expect(found[0].points[0].velocity == 0.33461 && found[0].points[0].intensity == 13)
  }

  @Test("What is no such file is refused, with the line")
  func refusals() throws {
    let file = PointCloudFile()
    #expect(throws: PointCloudError.foreign("x.csv")) {
      try file.sequences(in: "a,b,c\n1,2,3\n", path: "x.csv")
    }
    #expect(throws: PointCloudError.foreign("x.csv")) { try file.sequences(in: "", path: "x.csv") }
    for line in [
      "1,2,3", "1,2,3,4,5,6,seven", "1.5,1,1,1,1,1,1", "1,1,1,1,nan,1,1", "1e30,1,1,1,1,1,1",
    ] {
      #expect(throws: PointCloudError.badLine("x.csv", number: 2)) {
        try file.sequences(in: header + line + "\n", path: "x.csv")
      }
    }
    #expect(throws: PointCloudError.unreadable("/no/such.csv")) {
      try file.sequences(path: "/no/such.csv")
    }
  }

  @Test(
    "The data set of 24 people is read",
    .enabled(
      if: FileManager.default.fileExists(atPath: "../shared/data/mtranssee-pointcloud/1.2m"),
      "../shared/data is not there"))
  func shared() throws {
    let found = try PointCloudFile().sequences(folder: "../shared/data/mtranssee-pointcloud/1.2m")
    #expect(Set(found.compactMap(\.subject)).count == 24)
    #expect(Set(found.compactMap(\.label)) == ["CR", "KO", "PL", "PS", "UP"])
    #expect(found.count > 1900)
  }
}
