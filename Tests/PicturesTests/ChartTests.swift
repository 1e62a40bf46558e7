import Foundation
import Pictures
import Testing

#if canImport(FoundationXML)
  import FoundationXML
#endif

@Suite("A chart")
struct ChartTests {
  /// The first two colours of Okabe and Ito.
  private static let (blue, orange) = (0x0072b2, 0xd55e00)

  /// A line with a band from 0.25 to 0.75 around it, and a line above without one.
  private func chart(title: String = "accuracy", reference: Chart.Place? = nil) -> Chart {
    let xs = [0.0, 1, 2]
    return Chart(
      title: title, subtitle: "40 people", horizontalTitle: "distance (m)",
      verticalTitle: "share",
      lines: [
        .init(label: "wide", points: xs.map { .init(x: $0, y: 0.5, interval: 0.25...0.75) }),
        .init(label: "bare", points: xs.map { .init(x: $0, y: 0.9) }),
      ], reference: reference)
  }

  /// The place of a point on a chart of 700 by 460 pixels: margins of 76, 28, 96 and 62 pixels, and
  /// 3 % of the horizontal axis on both sides of the points.
  private func place(_ x: Double, _ y: Double) -> (x: Int, y: Int) {
    (Int(76 + (x + 0.06) / 2.12 * 596), Int(398 - y * 302))
  }

  @Test("As PNG shows lines, bands and their edges where their numbers are")
  func png() throws {
    let image = try DecodedPNG(chart().png(width: 700, height: 460))
    #expect(image.width == 700 && image.height == 460)
    for x in [0.5, 1.5] {
      let column = place(x, 0).x
      #expect(image[column, place(x, 0.5).y] == Self.blue)
      #expect(image[column, place(x, 0.9).y] == Self.orange)
      // A band is 18 % of its colour on white, here away from the lines of the axis.
      let band = (0x00 + Int((255 * 0.82).rounded()), 255 - Int((0.18 * 141).rounded()))
      for y in [0.27, 0.44, 0.56, 0.73] {
        let color = image[column, place(x, y).y]
        #expect(abs(color >> 16 - band.0) <= 1 && abs(color >> 8 & 255 - band.1) <= 1)
      }
      for y in [0.23, 0.77, 0.98] { #expect(image[column, place(x, y).y] == 0xffffff) }
    }
    // Every point of a line is a dot, seven pixels wide.
    let dot = place(1, 0.9)
    let height = (dot.y - 10...dot.y + 10).count { image[dot.x, $0] == Self.orange }
    #expect((5...7).contains(height))
  }

  @Test("Draws as much ink as a stroke has area")
  func ink() throws {
    // One point makes one dot: a disc of diameter 7 as a polygon of 16 corners.
    let single = Chart(
      title: "", horizontalTitle: "", verticalTitle: "", verticalRange: 0...2,
      lines: [.init(label: "", points: [.init(x: 3, y: 1.13)])])
    let image = try DecodedPNG(single.png(width: 700, height: 460))
    let middle = (x: 76 + 298, y: Int(398 - 1.13 / 2 * 302))
    var ink = 0.0
    for x in middle.x - 6...middle.x + 6 {
      for y in middle.y - 6...middle.y + 6 {
        ink += Double(255 - image[x, y] >> 16) / 255
      }
    }
    let area = 8 * 3.5 * 3.5 * sin(2 * Double.pi / 16)
    #expect(abs(ink - area) < 0.5)
  }

  @Test("Keeps what lies outside of its axes at their ends")
  func outside() throws {
    let wild = Chart(
      title: "", horizontalTitle: "", verticalTitle: "",
      lines: [
        .init(label: "", points: [.init(x: 0, y: 7, interval: -9...1e300), .init(x: 1, y: -7)])
      ])
    let image = try DecodedPNG(wild.png(width: 400, height: 300))
    // Between the legend and the topmost dot there is nothing.
    #expect(Set(image.colors(x: 76..<400, y: 78..<90).keys) == [0xffffff])
    #expect(Set(image.colors(x: 0..<400, y: 246..<249).keys) == [0xffffff])
    let svg = wild.svg(width: 400, height: 300)
    #expect(!svg.contains("nan") && !svg.contains("inf") && !svg.contains("e+"))
  }

  @Test("As SVG is well-formed, and says what it shows")
  func svg() throws {
    let svg = chart(title: "a<b>&\"c'", reference: .init(label: "usual", x: 2)).svg()
    #expect(XMLParser(data: Data(svg.utf8)).parse())
    for text in [
      "a&lt;b&gt;&amp;", "40 people", "distance (m)", ">share<", "wide", "bare", "usual",
    ] {
      #expect(svg.contains(text), "\(text)")
    }
    #expect(svg.components(separatedBy: "<polygon").count == 2)
    // Two lines, six dots and two signs of the legend.
    #expect(svg.components(separatedBy: "<polyline").count == 11)
  }

  @Test("Needs a point, and numbers that are finite")
  func refusals() async {
    await #expect(processExitsWith: .failure) {
      _ = Chart(title: "", horizontalTitle: "", verticalTitle: "", lines: [])
    }
    await #expect(processExitsWith: .failure) {
      _ = Chart(
        title: "", horizontalTitle: "", verticalTitle: "",
        lines: [.init(label: "", points: [.init(x: .nan, y: 0)])])
    }
  }
}
