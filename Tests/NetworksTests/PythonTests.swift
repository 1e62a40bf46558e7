import Autodiff
import Foundation
import Networks
import Testing

/// A Python that has the package `safetensors`, from `DOPPLER_PYTHON` or the path.
private enum Python {
  static let hasSafeTensors = (try? run("import safetensors.numpy")) == 0

  /// Runs a script and returns its exit code.
  static func run(_ script: String, _ arguments: String...) throws -> Int32 {
    let python = ProcessInfo.processInfo.environment["DOPPLER_PYTHON"] ?? "python3"
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = [python, "-c", script] + arguments
    process.standardError = FileHandle.nullDevice
    try process.run()
    process.waitUntilExit()
    return process.terminationStatus
  }
}

@Suite(
  "Safetensors and Python's package of that name",
  .enabled(if: Python.hasSafeTensors, "python3 has no safetensors.numpy here: set DOPPLER_PYTHON"))
struct PythonTests {
  private func withTemporaryFile(_ body: (String) throws -> Void) throws {
    let path = FileManager.default.temporaryDirectory
      .appendingPathComponent("python-\(UUID().uuidString).safetensors").path
    defer { try? FileManager.default.removeItem(atPath: path) }
    try body(path)
  }

  @Test("Python reads what we write")
  func written() throws {
    try withTemporaryFile { path in
      try SafeTensors(
        tensors: [
          "a.b": Tensor([1, -2.5, 1.0 / 3, 0.1, 1e-30, 3], shape: [3, 2]), "scalar": Tensor(7),
          "none": Tensor([Float](), shape: [0, 4]),
        ], notes: ["text": "\"quoted\" / ü"]
      ).write(to: path)
      let status = try Python.run(
        """
        import sys, numpy, safetensors
        with safetensors.safe_open(sys.argv[1], "numpy") as file:
            assert file.metadata() == {"text": '"quoted" / ü'}
            assert sorted(file.keys()) == ["a.b", "none", "scalar"]
            a = file.get_tensor("a.b")
            assert a.dtype == numpy.float32
            expected = numpy.array([[1, -2.5], [1 / 3, 0.1], [1e-30, 3]], numpy.float32)
            assert (a == expected).all()
            assert file.get_tensor("scalar").shape == () and file.get_tensor("scalar") == 7
            assert file.get_tensor("none").shape == (0, 4)
        """, path)
      #expect(status == 0)
    }
  }

  @Test("We read what Python writes")
  func read() throws {
    try withTemporaryFile { path in
      let status = try Python.run(
        """
        import sys, numpy, safetensors.numpy
        safetensors.numpy.save_file({
            "z": numpy.arange(6, dtype=numpy.float32).reshape(2, 3) / 3,
            "half": numpy.array([1, -2.5, 65504, 6e-8, numpy.inf], numpy.float16),
            "double": numpy.array([1 / 3]), "scalar": numpy.array(3, numpy.float32),
        }, sys.argv[1], {"made by": "Python"})
        """, path)
      #expect(status == 0)
      let file = try SafeTensors(path: path)
      #expect(file.notes == ["made by": "Python"])
      #expect(file.tensors["z"] == Tensor((0..<6).map { Float($0) / 3 }, shape: [2, 3]))
      #expect(file.tensors["half"]?.elements == [1, -2.5, 65504, 0x1p-24, .infinity])
      #expect(file.tensors["double"]?.elements == [1.0 / 3])
      #expect(file.tensors["scalar"] == Tensor(3))
    }
  }
}
