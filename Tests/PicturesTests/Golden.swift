import Foundation
import Testing

/// Reads a golden that a script in `tools/golden` made.
func golden<Content: Decodable>(_ name: String, as type: Content.Type) throws -> Content {
  let url = try #require(
    Bundle.module.url(forResource: name, withExtension: "json", subdirectory: "Goldens"))
  return try JSONDecoder().decode(type, from: Data(contentsOf: url))
}
