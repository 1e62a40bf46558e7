import Foundation
import Pictures
import Radar
import Simulation
import Testing

@Suite("A picture of a whole recording")
struct BuilderTests {
  private func processor(_ radar: SimulatedRadar, _ view: RecordingView) throws -> ViewProcessor {
    var settings = ViewSettings(view: view)
    if view == .spectrogram { (settings.window, settings.hop) = (8, 8) }
    return try ViewProcessor(waveform: radar.waveform, settings: settings)
  }

  @Test("Of any length keeps every short echo, in a bounded number of columns")
  func merging() throws {
    let processor = try processor(.cw24, .spectrogram)
    var builder = PictureBuilder(for: processor)
    let interval = processor.interval
    let loud: Set = [0, 1, 4000, 77_777, 99_999]
    for index in 0..<100_000 {
      var levels = [Float](repeating: -40, count: 8)
      if loud.contains(index) { levels[index % 8] = Float(index % 7) }
      builder.append(.init(time: 1 + Double(index) * interval, levels: levels))
    }
    let picture = try builder.picture(title: "long")
    let columns = picture.horizontal.count
    #expect(columns > 1024 && columns <= 2048)
    #expect(abs(picture.horizontal.lower - (1 - interval / 2)) < 1e-9)
    #expect(abs(picture.horizontal.upper - (1 + 99_999.5 * interval)) <= picture.horizontal.step)
    #expect(picture.levels.allSatisfy { !$0.isNaN })
    for index in loud {
      let share = picture.horizontal.share(of: 1 + Double(index) * interval)
      let column = Int(share * Double(columns))
      #expect(picture.levels[index % 8 * columns + column] == Float(index % 7))
    }
    let loudCells = picture.levels.filter { $0 > -40 }
    #expect(loudCells.count == loud.count)
  }

  @Test("Leaves blank what was not measured, but not the time between bursts")
  func gaps() throws {
    let processor = try processor(.fmcw60, .spectrogram)
    // Four windows of 8 chirps in the 12.8 ms of a burst, and one burst every 40 ms.
    var builder = PictureBuilder(for: processor)
    for burst in [0, 1, 2, 12, 13] {
      for window in 0..<4 {
        let time = Double(burst) * 0.04 + (Double(window * 8) + 4) * 400e-6
        builder.append(.init(time: time, levels: Array(repeating: Float(burst), count: 8)))
      }
    }
    let picture = try builder.picture(title: "gap")
    let columns = picture.horizontal.count
    func level(at time: Double) -> Float {
      picture.levels[Int(picture.horizontal.share(of: time) * Double(columns))]
    }
    #expect(level(at: 0.005) == 0 && level(at: 0.03) == 0 && level(at: 0.07) == 1)
    #expect(level(at: 0.2).isNaN && level(at: 0.4).isNaN)
    #expect(level(at: 0.5) == 12 && level(at: 0.51) == 12 && level(at: 0.53) == 13)
  }

  @Test("Of one frame shows the one asked for, or the one that moves most")
  func frames() throws {
    let processor = try processor(.fmcw77, .rangeDoppler)
    let size = processor.shape.reduce(1, *)
    func built(_ wanted: Int?) throws -> Picture {
      var builder = PictureBuilder(for: processor, frame: wanted)
      for index in 0..<5 {
        var levels = [Float](repeating: Float(index), count: size)
        // A wall in every frame, strongest in the first, and a hand in the fourth.
        levels[32 * 10 + 16] = 90 - Float(index)
        if index == 3 { levels[32 * 10 + 20] = 50 }
        builder.append(.init(time: Double(index) * 0.04, levels: levels))
      }
      return try builder.picture(title: "frames")
    }
    #expect(try built(nil).levels.first == 3)
    #expect(try built(1).levels.first == 1)
    #expect(try built(1).subtitle.contains("frame 1 at 0.04 s"))
    #expect(throws: PictureError.noFrame(found: 5, count: 5)) { _ = try built(5) }
    let empty = PictureBuilder(for: processor)
    #expect(throws: PictureError.shortRecording(needed: 32)) {
      _ = try empty.picture(title: "none")
    }
  }
}

@Suite("The page of a recording")
struct PageTests {
  private struct Content: Decodable {
    struct Echo: Decodable {
      var range: Double
      var velocity: Double
      var ratio: Double
    }

    struct Stretch: Decodable {
      var label: String
      var start: Double
      var confidence: Double?
    }

    var title: String
    var notes: [String]
    var times: [Double]
    var frames: [Int]?
    var selected: Int
    var levels: Data
    var top: Double
    var bottom: Double
    var detections: [[Echo]]?
    var marked: [Stretch]
    var predicted: [Stretch]?
  }

  /// What the script of a page reads.
  private func content(_ page: [UInt8]) throws -> Content {
    let text = String(decoding: page, as: UTF8.self)
    let start = try #require(text.range(of: "id=\"content\">"))
    let end = try #require(text.range(of: "</script>", range: start.upperBound..<text.endIndex))
    let json = text[start.upperBound..<end.lowerBound]
    #expect(!json.contains("<"))
    return try JSONDecoder().decode(Content.self, from: Data(json.utf8))
  }

  @Test("Holds the levels to half a step, the gestures, and the echo of a hand")
  func content() throws {
    let radar = SimulatedRadar.fmcw77
    var settings = ViewSettings(view: .rangeDoppler)
    settings.removesMean = true
    var processor = try ViewProcessor(waveform: radar.waveform, settings: settings)
    var detector = DetectionProcessor(waveform: radar.waveform)
    var builder = PageBuilder(for: processor)
    var levels: [Float] = []
    for index in 0..<3 {
      var frame = Frame(shape: radar.waveform.shape, index: index, time: 0.04 * Double(index))
      EchoSynthesis(waveform: radar.waveform).fill(&frame) { time in
        [Scatterer(position: SIMD3(0, 0, 0.9 - 1.2 * time), amplitude: index == 1 ? 300 : 100)]
      }
      for place in frame.samples.indices { frame.samples[place] += Float(place * 7919 % 11) / 8 }
      var detections: [Detection] = []
      detector.append(frame) { detections += $0.detections }
      processor.append(frame) { piece in
        builder.append(piece, detections: detections)
        levels += piece.levels
      }
    }
    let page = try builder.page(
      title: "</script><b>&", marked: [.init(label: "push", start: 0, end: 0.1)],
      predicted: [.init(span: .init(label: "pull", start: 0.02, end: 0.1), confidence: 0.9)])
    let content = try content(page)
    #expect(content.title == "</script><b>&")
    #expect(content.frames == [0, 1, 2] && content.selected == 1)
    #expect(content.levels.count == levels.count)
    let step = (content.top - content.bottom) / 254
    for (byte, level) in zip(content.levels, levels) {
      let shown = content.bottom + Double(byte - 1) * step
      #expect(abs(shown - max(Double(level), content.bottom)) <= step / 2 + 1e-4)
    }
    for (index, echoes) in try #require(content.detections).enumerated() {
      let hand = try #require(echoes.first)
      #expect(
        abs(hand.range - 0.9 + 1.2 * 0.04 * Double(index)) <= 0.05
          && abs(hand.velocity + 1.2) <= 0.2)
      #expect(hand.ratio > 20)
    }
    #expect(content.marked.map(\.label) == ["push"])
    #expect(content.predicted?.first?.confidence == 0.9)
  }

  @Test("Of a long recording stays small, and says which frames it shows")
  func length() throws {
    let processor = try ViewProcessor(
      waveform: SimulatedRadar.fmcw77.waveform, settings: ViewSettings(view: .rangeDoppler))
    let size = processor.shape.reduce(1, *)
    var builder = PageBuilder(for: processor)
    for index in 0..<9_999 {
      let levels = [Float](repeating: Float(index % 50), count: size)
      builder.append(.init(time: 0.04 * Double(index), levels: levels))
    }
    let page = try builder.page(title: "long")
    #expect(page.count < 13_000_000)
    let content = try content(page)
    let frames = try #require(content.frames)
    #expect(frames.count > 2_000 && frames.count <= 4_096)
    #expect(frames.first == 0 && Set(zip(frames, frames.dropFirst()).map { $1 - $0 }).count == 1)
    #expect(content.times == frames.map { 0.04 * Double($0) })
    #expect(content.notes.contains("one of every \(frames[1]) of 9999 frames is shown"))
    for (place, frame) in frames.enumerated() {
      let byte = Double(content.levels[place * size])
      let shown = content.bottom + (byte - 1) / 254 * (content.top - content.bottom)
      #expect(abs(shown - Double(frame % 50)) <= 0.2)
    }
  }
}
