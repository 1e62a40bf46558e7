import Foundation
import Pictures
import Testing

#if canImport(FoundationXML)
  import FoundationXML
#endif

/// The ends and the middle of viridis, as its authors publish it.
private enum Viridis {
  static let dark = 0x440154
  static let middle = 0x21918c
  static let bright = 0xfde725
}

@Suite("A picture")
struct PictureTests {
  /// Two by two cells: the darkest left below, the brightest right above, and one unmeasured.
  private func picture(title: String = "hand.bin") -> Picture {
    Picture(
      title: title, subtitle: "Velocity over time, hann taper",
      horizontal: PictureAxis(title: "time (s)", unit: "s", count: 2, first: 0.5, step: 1),
      vertical: PictureAxis(title: "velocity (m/s)", unit: "m/s", count: 2, first: -1, step: 2),
      levels: [-50, -25, .nan, 0], dynamicRange: 50,
      lanes: [.init(title: "marked", spans: [.init(label: "push", start: 0.25, end: 0.75)])])
  }

  @Test("As PNG has its size, and its cells their place and colour")
  func png() throws {
    let image = try DecodedPNG(picture().png(width: 800, height: 500))
    #expect(image.width == 800 && image.height == 500)
    // The cells lie between the margins, 92 and 118 pixels wide, 90 and 66 high.
    let (left, right, upper, lower) = (92..<387, 387..<682, 90..<262, 262..<434)
    #expect(image.colors(x: left, y: lower) == [Viridis.dark: 295 * 172])
    #expect(image.colors(x: right, y: upper) == [Viridis.bright: 295 * 172])
    #expect(image.colors(x: left, y: upper) == [0xdddddd: 295 * 172])
    let middle = try #require(image.colors(x: right, y: lower).keys.first)
    for shift in [0, 8, 16] {
      #expect(abs((middle >> shift & 255) - (Viridis.middle >> shift & 255)) <= 1)
    }
    // The colour bar runs from dark below to bright above.
    #expect(image[708, 433] == Viridis.dark && image[708, 90] == Viridis.bright)
  }

  @Test("Has its words within its borders, and none where there are none")
  func words() throws {
    let image = try DecodedPNG(picture().png(width: 800, height: 500))
    let silent = try DecodedPNG(picture(title: "").png(width: 800, height: 500))
    let ink = image.colors(x: 92..<400, y: 8..<36)
    #expect((ink[0x222222] ?? 0) > 60)
    #expect(silent.colors(x: 92..<400, y: 8..<36) == [0xffffff: 308 * 28])
    // Nothing is cut off: the outermost pixels are paper.
    for edge in [
      image.colors(x: 0..<800, y: 0..<6), image.colors(x: 0..<800, y: 495..<500),
      image.colors(x: 0..<6, y: 0..<500), image.colors(x: 795..<800, y: 0..<500),
    ] { #expect(Set(edge.keys) == [0xffffff]) }
    let long = try DecodedPNG(
      picture(title: String(repeating: "long ", count: 100)).png(width: 800, height: 500))
    #expect(Set(long.colors(x: 790..<800, y: 0..<40).keys) == [0xffffff])
  }

  struct Letters: Decodable {
    struct Case: Decodable {
      var text: String
      var squareEms: Double
      var ems: Double
    }

    var relativeTolerance: Double
    var cases: [Case]
  }

  @Test("Has letters as wide and as black as the typeface's outlines")
  func letters() throws {
    let golden = try golden("letters", as: Letters.self)
    for line in golden.cases {
      let image = try DecodedPNG(picture(title: line.text).png(width: 800, height: 500))
      var ink = 0.0
      var columns: [Int] = []
      for (x, y) in (80..<700).flatMap({ x in (4..<36).map { (x, $0) } }) {
        let darkness = Double(0xff - (image[x, y] & 0xff)) / Double(0xff - 0x22)
        ink += darkness
        if darkness > 0.3 { columns.append(x) }
      }
      let size = 19.0
      #expect(
        abs(ink / (size * size) - line.squareEms) <= golden.relativeTolerance * line.squareEms)
      let last = Double(try #require(columns.max()) - 92)
      #expect(abs(last - line.ems * size) <= 0.2 * size, "\(line.text)")
    }
  }

  @Test("Shows the highest of the cells that share a pixel")
  func peaks() throws {
    var levels = [Float](repeating: -50, count: 10_000)
    levels[7777] = 0
    let picture = Picture(
      title: "", horizontal: PictureAxis(title: "", unit: "", count: 10_000, first: 0, step: 1),
      vertical: PictureAxis(title: "", unit: "", count: 1, first: 0, step: 1), levels: levels)
    let image = try DecodedPNG(picture.png(width: 400, height: 300))
    let row = (92..<282).filter { image[$0, 150] == Viridis.bright }
    #expect(row == [92 + 7777 * 190 / 10_000])
  }

  @Test("As SVG is well-formed whatever its title, and says what its axes are")
  func svg() throws {
    let title = "a<b>&\"c'\u{1}\u{FFFE} hand.bin"
    let reader = TextReader()
    let parser = XMLParser(data: Data(try picture(title: title).svg().utf8))
    parser.delegate = reader
    #expect(parser.parse())
    for text in [
      "time (s)", "velocity (m/s)", "level (dB)", "0.0", "−40", "push", "marked",
      "Velocity over time, hann taper", "a<b>&\"c'   hand.bin",
    ] { #expect(reader.texts.contains(text), "\(text)") }
    #expect(reader.elements["image"] == 2)
  }

  /// Gathers the texts of a document.
  private final class TextReader: NSObject, XMLParserDelegate {
    var texts: [String] = []
    var elements: [String: Int] = [:]
    private var current = ""

    func parser(
      _ parser: XMLParser, didStartElement name: String, namespaceURI: String?,
      qualifiedName: String?, attributes: [String: String] = [:]
    ) {
      elements[name, default: 0] += 1
      current = ""
    }

    func parser(_ parser: XMLParser, foundCharacters string: String) { current += string }

    func parser(
      _ parser: XMLParser, didEndElement name: String, namespaceURI: String?,
      qualifiedName: String?
    ) { if name == "text" { texts.append(current) } }
  }
}
