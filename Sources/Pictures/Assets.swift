internal import CPictures

/// Files that come with the package, as their bytes.
enum Assets {
  /// The outlines of letters, as `tools/make-glyphs` writes them.
  static var glyphs: [UInt8] { unsafe bytes(of: glyphOutlines()) }

  /// The colours of viridis, 256 triples of red, green and blue.
  static var viridis: [UInt8] { unsafe bytes(of: viridisColors()) }

  /// The page that shows a recording.
  static var recording: [UInt8] { unsafe bytes(of: recordingPage()) }

  /// The page that shows an evaluation.
  static var evaluation: [UInt8] { unsafe bytes(of: evaluationPage()) }

  private static func bytes(of asset: PictureAsset) -> [UInt8] {
    unsafe Array(UnsafeBufferPointer(start: asset.bytes, count: asset.count))
  }
}
