import ComplexModule
import Radar
import RealModule
import Testing

/// What NumPy computed of simulated arrays.
struct AngleGolden: Decodable {
  struct Case: Decodable {
    var positions: [Double]
    var snapshots: [[[Double]]]
    var sources: Int
    var eigenvalues: [Double]
    var bartlett: [Double]
    var capon: [Double]
    var music: [Double]
    var minimumLength: Int
    var information: Int
  }
  struct Bound: Decodable {
    var name: String
    var positions: [Double]
    var sines: [Double]
    var power: Double
    var snapshots: Int
    var deviation: Double
  }
  var relativeTolerance: Double
  var loading: Double
  var cases: [Case]
  var bounds: [Bound]
}

@Suite("Angles")
struct AngleTests {
  private func covariance(_ expected: AngleGolden.Case) -> SpatialCovariance {
    var covariance = SpatialCovariance(channels: expected.positions.count)
    for snapshot in expected.snapshots { covariance.add(snapshot.map { Complex($0[0], $0[1]) }) }
    return covariance
  }

  private func array(_ positions: [Double]) -> AntennaArray {
    AntennaArray(positions: positions.map { SIMD2($0, 0) }, wavelength: 1)
  }

  @Test("Spectra, eigenvalues and numbers of sources agree with NumPy's")
  func golden() throws {
    let golden = try RadarTests.golden("angles", as: AngleGolden.self)
    #expect(golden.cases.count == 3)
    for expected in golden.cases {
      let covariance = covariance(expected)
      let values = covariance.matrix.eigenvectors().map(\.value)
      func agree(_ found: [Double], _ other: [Double]) {
        #expect(found.count == other.count)
        for (one, two) in zip(found, other) {
          #expect(abs(one / two - 1) < golden.relativeTolerance)
        }
      }
      agree(values, expected.eigenvalues)
      let estimator = AngleEstimator(array: array(expected.positions), count: 31)
      agree(estimator.spectrum(of: covariance, by: .bartlett), expected.bartlett)
      agree(
        estimator.spectrum(of: covariance, by: .capon(loading: golden.loading)), expected.capon)
      agree(
        estimator.spectrum(of: covariance, by: .music(sources: expected.sources)), expected.music)
      #expect(
        covariance.sourceCount(eigenvalues: values, by: .minimumLength) == expected.minimumLength)
      #expect(
        covariance.sourceCount(eigenvalues: values, by: .information) == expected.information)
      // MUSIC without a number takes that of the description length, which is right here.
      #expect(expected.minimumLength == expected.sources)
      agree(estimator.spectrum(of: covariance, by: .music()), expected.music)
    }
  }

  @Test("Eigenvectors are orthonormal and put the matrix together again", arguments: 1...16)
  func eigenvectors(size: Int) {
    var generator = TestGenerator(seed: UInt64(size))
    var matrix = HermitianMatrix(size: size)
    for _ in 0..<size + 2 {
      matrix.addOuterProduct(
        of: (0..<size).map { _ in
          let (real, imaginary) = generator.normals()
          return Complex(real, imaginary)
        }, weight: generator.uniform() - 0.3)
    }
    let pairs = matrix.eigenvectors()
    #expect(zip(pairs, pairs.dropFirst()).allSatisfy { $0.value >= $1.value })
    for row in 0..<size {
      for column in 0..<size {
        var product = Complex<Double>.zero
        var sum = Complex<Double>.zero
        for index in 0..<size {
          product += pairs[row].vector[index].conjugate * pairs[column].vector[index]
          let outer = pairs[index].vector[row] * pairs[index].vector[column].conjugate
          sum += outer.multiplied(by: pairs[index].value)
        }
        #expect((product - (row == column ? .one : .zero)).length < 1e-13)
        #expect((sum - matrix[row, column]).length < 1e-12 * Double(size))
      }
    }
  }

  @Test("MUSIC and Capon tell two echoes apart that are one to the Bartlett beam")
  func resolution() {
    let array = array((0..<8).map { Double($0) / 2 })
    var generator = TestGenerator(seed: 12)
    var covariance = SpatialCovariance(channels: 8)
    let sines = [0.05, 0.2]
    for _ in 0..<100 {
      covariance.add(
        snapshot(array, sines: sines, amplitude: 10, using: &generator))
    }
    let estimator = AngleEstimator(array: array)
    func near(_ azimuths: [Double]) -> Int {
      sines.count { sine in azimuths.contains { abs(.sin($0) - sine) < 0.02 } }
    }
    #expect(near(estimator.azimuths(of: covariance, by: .bartlett, count: 2)) < 2)
    #expect(near(estimator.azimuths(of: covariance, by: .capon(), count: 2)) == 2)
    #expect(near(estimator.azimuths(of: covariance, by: .music(), count: 2)) == 2)
  }

  @Test("Two coherent echoes need the mirror image of a symmetric array")
  func coherent() {
    let array = array((0..<8).map { Double($0) / 2 })
    var generator = TestGenerator(seed: 2)
    var covariance = SpatialCovariance(channels: 8)
    let sines = [-0.2, 0.25]
    let vectors = sines.map { array.steering(horizontal: $0) }
    for _ in 0..<64 {
      let (real, imaginary) = generator.normals()
      let signal = Complex(10 * real, 10 * imaginary)
      covariance.add(
        (0..<8).map { channel in
          let (noise, other) = generator.normals()
          let both = vectors[0][channel] + vectors[1][channel] * Complex(0, 1)
          return signal * both + Complex(noise, other)
        })
    }
    func count(_ covariance: SpatialCovariance) -> Int {
      covariance.sourceCount(eigenvalues: covariance.matrix.eigenvectors().map(\.value))
    }
    #expect(count(covariance) == 1)
    #expect(count(covariance.forwardBackward) == 2)
    let found = AngleEstimator(array: array).azimuths(
      of: covariance.forwardBackward, by: .music(sources: 2), count: 2)
    #expect(found.count == 2)
    for (azimuth, sine) in zip(found.sorted(), sines) { #expect(abs(.sin(azimuth) - sine) < 0.02) }
  }

  @Test("The phase between two antennas tells the side an echo comes from")
  func twoAntennas() throws {
    for sine in [-0.9, -0.3, 0, 0.5, 0.95] {
      let vector = array([0, 0.5]).steering(horizontal: sine)
      let phase = (vector[1] * vector[0].conjugate).phase
      let found = try #require(azimuth(phaseDifference: phase, spacing: 0.5, wavelength: 1))
      #expect(abs(.sin(found) - sine) < 1e-12)
    }
    #expect(azimuth(phaseDifference: 3, spacing: 0.2, wavelength: 1) == nil)
  }

  @Test("A virtual array has the places of transmitters and receivers added")
  func virtual() {
    let waveform = Waveform(
      ranging: .beat(bandwidth: 1e9), centerFrequency: speedOfLight, chirpInterval: 1e-4,
      frameInterval: 0.1,
      shape: FrameShape(
        chirps: 4, receivers: 2, samplesPerChirp: 8, sampleKind: .complex, transmitters: 2))
    let virtual = AntennaArray(
      waveform: waveform, transmitterPositions: [.zero, SIMD2(1, 0)])
    #expect(virtual.positions.map(\.x) == [0, 0.5, 1, 1.5])
    #expect(AntennaArray(waveform: waveform).count == 2)
  }
}

/// What an array receives of echoes with random phases in noise of variance one.
func snapshot(
  _ array: AntennaArray, sines: [Double], amplitude: Double, using generator: inout TestGenerator
) -> [Complex<Double>] {
  var snapshot = (0..<array.count).map { _ in
    let (real, imaginary) = generator.normals()
    return Complex(real * 0.5.squareRoot(), imaginary * 0.5.squareRoot())
  }
  for sine in sines {
    let signal = Complex(length: amplitude, phase: 2 * .pi * generator.uniform())
    for (channel, value) in array.steering(horizontal: sine).enumerated() {
      snapshot[channel] += signal * value
    }
  }
  return snapshot
}
