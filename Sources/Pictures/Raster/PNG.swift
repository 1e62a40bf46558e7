internal import CPNG

/// Writes pixels as the Portable Network Graphics that libpng makes of them.
enum PNG {
  /// The file of the pixels on `canvas`.
  static func file(of canvas: Canvas) throws(PictureError) -> [UInt8] {
    var image = unsafe png_image()
    unsafe image.version = png_uint_32(PNG_IMAGE_VERSION)
    unsafe image.width = png_uint_32(canvas.width)
    unsafe image.height = png_uint_32(canvas.height)
    unsafe image.format = png_uint_32(PNG_FORMAT_FLAG_COLOR)
    // Pixels that cannot be compressed take a little more than themselves.
    let capacity = canvas.pixels.count + canvas.pixels.count / 64 + 4096
    var count = capacity
    var isWritten = false
    let file = unsafe [UInt8](unsafeUninitializedCapacity: capacity) { buffer, length in
      isWritten =
        unsafe png_image_write_to_memory(
          &image, buffer.baseAddress, &count, 0, canvas.pixels, 0, nil) != 0
      length = isWritten ? count : 0
    }
    guard isWritten else {
      let reason = unsafe withUnsafeBytes(of: image.message) { message in
        unsafe String(decoding: message.prefix { $0 != 0 }, as: UTF8.self)
      }
      unsafe png_image_free(&image)
      throw .encoding(reason: reason)
    }
    return file
  }
}

extension Picture {
  /// The picture as a PNG file.
  ///
  /// - Parameters:
  ///   - width: The pixels from left to right.
  ///   - height: The pixels from top to bottom.
  /// - Returns: The bytes of the file.
  /// - Throws: `PictureError.encoding` if libpng fails.
  /// - Precondition: The picture has room for its axes: at least 320 × 240 pixels.
  public func png(width: Int = 1200, height: Int = 720) throws(PictureError) -> [UInt8] {
    precondition(width >= 320 && height >= 240, "a picture needs at least 320 × 240 pixels")
    var canvas = Canvas(width: width, height: height)
    for mark in PictureLayout(self, width: width, height: height).marks {
      switch mark {
      case .cells(let place): canvas.draw(cellsOf: self, in: place)
      case .colors(let place):
        for line in 0..<Int(place.height) {
          let share = (Float(line) + 0.5) / Float(place.height)
          canvas.fill(
            Rectangle(
              x: place.x, y: place.bottom - Double(line) - 1, width: place.width, height: 1),
            ColorMap.viridis.color(at: share))
        }
      case .fill, .text, .area, .line: canvas.draw(mark)
      }
    }
    return try PNG.file(of: canvas)
  }

  /// The cells alone as a PNG file, one pixel each.
  func cellsPNG() throws(PictureError) -> [UInt8] {
    var canvas = Canvas(width: horizontal.count, height: vertical.count)
    canvas.draw(
      cellsOf: self,
      in: Rectangle(x: 0, y: 0, width: Double(canvas.width), height: Double(canvas.height)))
    return try PNG.file(of: canvas)
  }

  /// The colours from the highest level down to the lowest as a PNG file, one pixel each.
  static func colorsPNG() throws(PictureError) -> [UInt8] {
    let colors = ColorMap.viridis.colors.reversed()
    var canvas = Canvas(width: 1, height: colors.count)
    for (y, color) in colors.enumerated() { canvas.set(x: 0, y: y, color) }
    return try PNG.file(of: canvas)
  }
}
