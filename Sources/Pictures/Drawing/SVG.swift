#if canImport(FoundationEssentials)
  internal import FoundationEssentials
#else
  internal import Foundation
#endif

extension Picture {
  /// The picture as a Scalable Vector Graphics file, whose cells are an image within it.
  ///
  /// - Parameters:
  ///   - width: The pixels from left to right.
  ///   - height: The pixels from top to bottom.
  /// - Returns: The text of the file.
  /// - Throws: `PictureError.encoding` if libpng fails.
  /// - Precondition: The picture has room for its axes: at least 320 × 240 pixels.
  public func svg(width: Int = 1200, height: Int = 720) throws(PictureError) -> String {
    precondition(width >= 320 && height >= 240, "a picture needs at least 320 × 240 pixels")
    var elements: [String] = []
    for mark in PictureLayout(self, width: width, height: height).marks {
      switch mark {
      case .cells(let place): elements.append(image(try cellsPNG(), in: place))
      case .colors(let place): elements.append(image(try Self.colorsPNG(), in: place))
      case .fill, .text, .area, .line: elements += mark.element.map { [$0] } ?? []
      }
    }
    return svgDocument(title: title, width: width, height: height, elements: elements)
  }

  private func image(_ file: [UInt8], in place: Rectangle) -> String {
    "<image \(place.attributes) preserveAspectRatio=\"none\" style=\"image-rendering:pixelated\""
      + " href=\"data:image/png;base64,\(Data(file).base64EncodedString())\"/>"
  }
}

/// A document of elements on paper.
func svgDocument(title: String, width: Int, height: Int, elements: [String]) -> String {
  let head = [
    "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 \(width) \(height)\""
      + " width=\"\(width)\" height=\"\(height)\""
      + " font-family=\"DejaVu Sans, Verdana, sans-serif\">",
    "<title>\(escaped(title))</title>",
    "<rect width=\"\(width)\" height=\"\(height)\" fill=\"\(PixelColor.paper.hexadecimal)\"/>",
  ]
  return (head + elements + ["</svg>"]).joined(separator: "\n") + "\n"
}

extension Mark {
  /// The element of what needs nothing but itself, and `nil` for cells and their colours.
  var element: String? {
    switch self {
    case .cells, .colors: nil
    case .fill(let place, let color):
      "<rect \(place.attributes) fill=\"\(color.hexadecimal)\"/>"
    case .text(let text): text.element
    case .area(let points, let color, let opacity):
      "<polygon points=\"\(coordinates(points))\" fill=\"\(color.hexadecimal)\""
        + " fill-opacity=\"\(opacity)\"/>"
    case .line(let points, let color, let width):
      "<polyline points=\"\(coordinates(points))\" fill=\"none\" stroke=\"\(color.hexadecimal)\""
        + " stroke-width=\"\(width)\" stroke-linecap=\"round\" stroke-linejoin=\"round\"/>"
    }
  }
}

/// The coordinates of points, to a hundredth of a pixel.
private func coordinates(_ points: [SIMD2<Double>]) -> String {
  points.map { "\(($0.x * 100).rounded() / 100),\(($0.y * 100).rounded() / 100)" }
    .joined(separator: " ")
}

extension Rectangle {
  fileprivate var attributes: String {
    "x=\"\(x)\" y=\"\(y)\" width=\"\(width)\" height=\"\(height)\""
  }
}

extension Text {
  fileprivate var element: String {
    let place =
      isUpright ? "transform=\"translate(\(x) \(y)) rotate(-90)\"" : "x=\"\(x)\" y=\"\(y)\""
    return "<text \(place) font-size=\"\(size)\" text-anchor=\"\(anchor.rawValue)\""
      + " fill=\"\(color.hexadecimal)\">\(escaped(string))</text>"
  }
}

/// `text` as it stands in a document of XML, without the characters that it cannot hold.
func escaped(_ text: String) -> String {
  text.unicodeScalars.reduce(into: "") { result, scalar in
    switch scalar {
    case "<": result += "&lt;"
    case ">": result += "&gt;"
    case "&": result += "&amp;"
    case "\"": result += "&quot;"
    default:
      if scalar.value >= 32, scalar.value != 0xfffe, scalar.value != 0xffff {
        result.unicodeScalars.append(scalar)
      } else {
        result += " "
      }
    }
  }
}
