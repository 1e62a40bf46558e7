// swift-tools-version: 6.3
import PackageDescription

let settings: [SwiftSetting] = [
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("MemberImportVisibility"),
  .enableExperimentalFeature("Lifetimes"),
  .strictMemorySafety(),
  .treatAllWarnings(as: .error),
]

let numerics: Target.Dependency = .product(name: "RealModule", package: "swift-numerics")
let complex: Target.Dependency = .product(name: "ComplexModule", package: "swift-numerics")
let arguments: Target.Dependency = .product(
  name: "ArgumentParser", package: "swift-argument-parser")
let crypto: Target.Dependency = .product(name: "Crypto", package: "swift-crypto")

/// The rooms a user of the library enters, each a product of its own.
let rooms = [
  "Spectra", "Radar", "Recordings", "Simulation", "Pictures", "Autodiff", "Networks", "Gestures",
]

let sockets: [Target.Dependency] = ["NIOCore", "NIOPosix"].map {
  .product(name: $0, package: "swift-nio")
}

let package = Package(
  name: "doppler-gestures",
  platforms: [.macOS(.v26)],
  products: [.library(name: "DopplerGestures", targets: ["DopplerGestures"])]
    + rooms.map { .library(name: $0, targets: [$0]) }
    + [
      // Not in the umbrella: who has no network need not build one.
      .library(name: "LiveSources", targets: ["LiveSources"]),
      .executable(name: "radar-classify", targets: ["radar-classify"]),
      .executable(name: "radar-benchmark", targets: ["radar-benchmark"]),
    ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.6.0"),
    .package(url: "https://github.com/apple/swift-crypto", from: "4.0.0"),
    .package(url: "https://github.com/apple/swift-nio", from: "2.80.0"),
    .package(url: "https://github.com/apple/swift-numerics", from: "1.1.0"),
    .package(url: "https://github.com/swiftlang/swift-docc-plugin", from: "1.4.0"),
  ],
  targets: [
    // MARK: - C below Swift
    .systemLibrary(
      name: "CFFTW", pkgConfig: "fftw3f", providers: [.apt(["libfftw3-dev"]), .brew(["fftw"])]),
    .systemLibrary(
      name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"]), .brew(["zlib"])]),
    .systemLibrary(
      name: "CPNG", pkgConfig: "libpng", providers: [.apt(["libpng-dev"]), .brew(["libpng"])]),
    .target(name: "CKernels"),
    .target(name: "CModels", exclude: ["models"]),
    .target(name: "CPictures", exclude: ["assets"]),

    // MARK: - Signal
    .target(
      name: "Spectra", dependencies: ["CFFTW", "CKernels", numerics], swiftSettings: settings),
    .target(
      name: "Radar", dependencies: ["CKernels", "Spectra", numerics, complex],
      swiftSettings: settings),
    .target(
      name: "Recordings",
      dependencies: ["CKernels", "CZlib", "Radar", "Spectra", crypto, numerics],
      swiftSettings: settings),
    .target(
      name: "LiveSources", dependencies: ["Radar", "Recordings"] + sockets, swiftSettings: settings),
    .target(
      name: "Simulation", dependencies: ["CKernels", "Radar", numerics], swiftSettings: settings),
    .target(
      name: "Pictures",
      dependencies: ["CPNG", "CPictures", "Radar", "Spectra", complex, numerics],
      swiftSettings: settings),

    // MARK: - Learning
    .target(name: "Autodiff", dependencies: ["CKernels", numerics], swiftSettings: settings),
    .target(name: "Networks", dependencies: ["Autodiff", numerics], swiftSettings: settings),

    // MARK: - Where both meet
    .target(
      name: "Gestures",
      dependencies: ["Radar", "Spectra", "Networks", "Autodiff", numerics, "CModels"],
      swiftSettings: settings),
    .target(
      name: "DopplerGestures", dependencies: rooms.map { .byName(name: $0) },
      swiftSettings: settings),

    // MARK: - Commands
    .executableTarget(
      name: "radar-classify",
      dependencies: [
        "Autodiff", "Gestures", "LiveSources", "Networks", "Pictures", "Radar", "Recordings",
        "Simulation", "Spectra", arguments,
      ],
      swiftSettings: settings),
    .executableTarget(
      name: "radar-benchmark",
      dependencies: [
        "CKernels", "Spectra", "Radar", "Recordings", "Autodiff", "Networks", "Gestures",
        "Simulation", arguments,
      ],
      swiftSettings: settings),

    // MARK: - Tests
    .target(name: "CAllocationCounter", path: "Tests/CAllocationCounter"),
    .testTarget(
      name: "SpectraTests", dependencies: ["CAllocationCounter", "Spectra", numerics],
      resources: [.copy("Goldens")], swiftSettings: settings),
    .testTarget(
      name: "RadarTests",
      dependencies: [
        "CAllocationCounter", "Radar", "Simulation", "Spectra", numerics, complex,
      ],
      resources: [.copy("Goldens")], swiftSettings: settings),
    .testTarget(
      name: "RecordingsTests", dependencies: ["CKernels", "Recordings", "Radar", "Simulation"],
      resources: [.copy("Goldens")], swiftSettings: settings),
    .testTarget(
      name: "LiveSourcesTests",
      dependencies: ["Gestures", "LiveSources", "Radar", "Recordings", "Simulation"],
      swiftSettings: settings),
    .testTarget(
      name: "SimulationTests", dependencies: ["Simulation", "Radar", "Spectra"],
      swiftSettings: settings),
    .testTarget(
      name: "PicturesTests",
      dependencies: ["CPNG", "Pictures", "Radar", "Simulation", "Spectra", numerics],
      resources: [.copy("Goldens")], swiftSettings: settings),
    .testTarget(
      name: "AutodiffTests", dependencies: ["Autodiff", numerics], swiftSettings: settings),
    .testTarget(
      name: "NetworksTests",
      dependencies: ["CAllocationCounter", "Networks", "Autodiff", numerics],
      resources: [.copy("Goldens")], swiftSettings: settings),
    .testTarget(
      name: "GesturesTests",
      dependencies: ["Gestures", "Radar", "Recordings", "Simulation", "Networks", "Autodiff"],
      resources: [.copy("Goldens")], swiftSettings: settings),
    .testTarget(
      name: "CommandTests", dependencies: ["DopplerGestures", "radar-classify"],
      swiftSettings: settings),
  ],
  cLanguageStandard: .gnu2x
)
