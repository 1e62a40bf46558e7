import ArgumentParser
import Simulation

/// Numbers with commas between them, which may be negative.
struct VariedValues: ExpressibleByArgument {
  var numbers: [Double]

  init(numbers: [Double]) { self.numbers = numbers }

  init?(argument: String) {
    let parts = argument.split(separator: ",", omittingEmptySubsequences: false)
    numbers = parts.compactMap { Double($0) }
    if numbers.isEmpty || numbers.count < parts.count { return nil }
  }

  var defaultValueDescription: String { "" }
}

/// What a study varies about the scene.
enum VariedQuantity: String, ExpressibleByArgument, CaseIterable {
  case distance, scale, snr
  case frameLoss = "frame-loss"

  /// What it is, with its unit.
  var title: String {
    switch self {
    case .distance: "distance (m)"
    case .scale: "scale of movements"
    case .snr: "signal-to-noise ratio (dB)"
    case .frameLoss: "share of frames lost"
    }
  }

  /// The decimals in which its values are told.
  var decimals: Int { self == .snr ? 0 : 2 }

  /// Values from where it should be easy to where it should be hard.
  func usualValues(for radar: SimulatedRadar) -> [Double] {
    switch self {
    case .distance:
      [0.5, 0.75, 1, 1.25, 1.5, 1.75, 2, 2.5].map {
        (100 * $0 * radar.usualDistance).rounded() / 100
      }
    case .scale: [0.25, 0.5, 0.75, 1, 1.25, 1.5, 1.75, 2]
    case .snr: [-20, -15, -10, -5, 0, 5, 10, 20]
    case .frameLoss: [0, 0.02, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5]
    }
  }

  /// Where its value is if nobody varies it, to compare with.
  func usualValue(for radar: SimulatedRadar) -> Double {
    switch self {
    case .distance: radar.usualDistance
    case .scale: 1
    case .snr: 10
    case .frameLoss: 0
    }
  }

  /// A scene in which it has `value`.
  ///
  /// - Throws: `ValidationError` if it cannot have that value.
  func setting(_ value: Double, in scene: SceneArguments) throws -> SceneArguments {
    var scene = scene
    switch self {
    case .distance: scene.distance = value
    case .scale: scene.scale = value
    case .snr: scene.snr = value
    case .frameLoss:
      scene.frameLoss = value
      // Nothing is lost in a row where nothing is lost.
      if value == 0 { scene.lossLength = nil }
    }
    do {
      try scene.validate()
    } catch let error as ValidationError {
      throw ValidationError("--values: \(value) is no \(rawValue): \(error.message)")
    }
    return scene
  }
}
