import CPNG
import Testing

/// A PNG file as libpng reads it.
struct DecodedPNG {
  let width: Int
  let height: Int
  private let pixels: [UInt8]

  init(_ file: [UInt8]) throws {
    var image = unsafe png_image()
    unsafe image.version = png_uint_32(PNG_IMAGE_VERSION)
    var size = (0, 0)
    var pixels: [UInt8] = []
    // libpng reads from the file's memory in both calls, so the memory has to live through both.
    let isRead = unsafe file.withUnsafeBytes { bytes in
      guard unsafe png_image_begin_read_from_memory(&image, bytes.baseAddress, bytes.count) != 0
      else { return false }
      unsafe image.format = png_uint_32(PNG_FORMAT_FLAG_COLOR)
      size = unsafe (Int(image.width), Int(image.height))
      pixels = [UInt8](repeating: 0, count: 3 * size.0 * size.1)
      return unsafe png_image_finish_read(&image, nil, &pixels, 0, nil) != 0
    }
    try #require(isRead)
    (width, height) = size
    self.pixels = pixels
  }

  /// The colour of a pixel in hexadecimal.
  subscript(x: Int, y: Int) -> Int {
    let place = 3 * (y * width + x)
    return Int(pixels[place]) << 16 | Int(pixels[place + 1]) << 8 | Int(pixels[place + 2])
  }

  /// How often each colour occurs within the ranges.
  func colors(x: Range<Int>, y: Range<Int>) -> [Int: Int] {
    var counts: [Int: Int] = [:]
    for line in y { for column in x { counts[self[column, line], default: 0] += 1 } }
    return counts
  }
}
