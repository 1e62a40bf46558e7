import Autodiff
import Networks
import Testing

@Suite("Safetensors file")
struct SafeTensorsTests {
  private let file = SafeTensors(
    tensors: [
      "a": Tensor([1, -2.5, .pi], shape: [3, 1]), "b.c": Tensor([Float](), shape: [0, 4]),
      "z": Tensor(7),
    ], notes: ["format": "test", "text": "\"quoted\" / ü"])

  @Test("What was written is read")
  func roundTrip() throws {
    #expect(try SafeTensors(bytes: file.bytes) == file)
  }

  @Test("A file cut anywhere is refused in a sentence")
  func truncation() {
    let bytes = file.bytes
    for count in 0..<bytes.count {
      #expect(throws: SafeTensorsError.self) { try SafeTensors(bytes: Array(bytes.prefix(count))) }
    }
    #expect(throws: SafeTensorsError.self) { try SafeTensors(bytes: bytes + [0]) }
  }

  @Test("A file with any byte of its header changed is read or refused, and never traps")
  func damage() {
    let bytes = file.bytes
    for place in 0..<(bytes.count - 16) {
      for value: UInt8 in [0, 57, 125, 255] {
        var damaged = bytes
        damaged[place] = value
        _ = try? SafeTensors(bytes: damaged)
      }
    }
  }

  @Test("Equal files have equal bytes, in whatever order they were filled")
  func order() {
    var other = SafeTensors(tensors: [:], notes: [:])
    for (name, value) in file.notes.sorted(by: { $0.key > $1.key }) { other.notes[name] = value }
    for (name, value) in file.tensors.sorted(by: { $0.key > $1.key }) {
      other.tensors[name] = value
    }
    #expect(other.bytes == file.bytes)
  }

  @Test("Offsets that no number can tell apart are refused")
  func offsets() {
    for pair in ["1,-9223372036854775808", "8,4", "-4,0", "0,9223372036854775807"] {
      let header = #"{"x":{"dtype":"F32","shape":[1],"data_offsets":[\#(pair)]}}"#
      #expect(throws: SafeTensorsError.misplaced(tensor: "x")) {
        try SafeTensors(
          bytes: [UInt8(header.utf8.count), 0, 0, 0, 0, 0, 0, 0] + Array(header.utf8))
      }
    }
  }

  @Test("Foreign files are told from damaged ones")
  func foreign() {
    #expect(throws: SafeTensorsError.foreign) {
      try SafeTensors(bytes: Array("this is a text that is not a model".utf8))
    }
    let huge = #"{"x":{"dtype":"F32","shape":[4611686018427387904,4],"data_offsets":[0,0]}}"#
    #expect(throws: SafeTensorsError.misplaced(tensor: "x")) {
      try SafeTensors(bytes: [UInt8(huge.utf8.count), 0, 0, 0, 0, 0, 0, 0] + Array(huge.utf8))
    }
  }
}
