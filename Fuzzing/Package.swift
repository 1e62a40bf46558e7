// swift-tools-version: 6.3
import PackageDescription

// A package of its own: libFuzzer instruments everything it is built with, and has a main function of
// its own, so nothing else may come along. `tools/fuzz` builds and runs it.
let package = Package(
  name: "Fuzzing",
  platforms: [.macOS(.v26)],
  products: [.library(name: "Fuzzing", type: .static, targets: ["Fuzzing"])],
  dependencies: [.package(name: "doppler-gestures", path: "..")],
  targets: [
    .target(
      name: "Fuzzing",
      dependencies: [
        .product(name: "Radar", package: "doppler-gestures"),
        .product(name: "Recordings", package: "doppler-gestures"),
      ],
      swiftSettings: [.strictMemorySafety()])
  ]
)
