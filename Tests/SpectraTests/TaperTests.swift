import Spectra
import Testing

@Suite("Tapers")
struct TaperTests {
  private struct Golden: Decodable {
    struct Case: Decodable {
      var name: String
      var weights: [Float]
    }
    var tolerance: Float
    var cases: [Case]
  }

  @Test("Weights agree with SciPy's")
  func weights() throws {
    let golden = try golden("tapers", as: Golden.self)
    #expect(golden.cases.count == 40)
    for expected in golden.cases {
      let taper = try #require(Taper(name: expected.name))
      let weights = taper.weights(count: expected.weights.count)
      for (weight, other) in zip(weights, expected.weights) {
        #expect(abs(weight - other) <= golden.tolerance, "\(expected.name)")
      }
    }
  }

  @Test(
    "A name describes the taper it names",
    arguments: ["rectangular", "hann", "hamming-symmetric", "blackman", "kaiser:8.6"])
  func names(name: String) throws {
    #expect(try #require(Taper(name: name)).description == name)
  }

  @Test(
    "Foreign names have no taper", arguments: ["", "hanning", "kaiser", "kaiser:x", "kaiser:-1"])
  func foreignNames(name: String) {
    #expect(Taper(name: name) == nil)
  }

  @Test("A taper without samples traps")
  func noSamples() async {
    await #expect(processExitsWith: .failure) { _ = Taper(.hann).weights(count: 0) }
  }
}
