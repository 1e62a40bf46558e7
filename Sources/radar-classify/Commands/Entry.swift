import ArgumentParser

@main
enum Entry {
  /// Runs the command: wrong arguments exit with 64, work that fails with 1 and one sentence.
  static func main() {
    do {
      var command = try RadarClassify.parseAsRoot()
      do {
        try command.run()
      } catch let error where RadarClassify.exitCode(for: error) != .failure {
        RadarClassify.exit(withError: error)
      } catch {
        Console.report("error: \(error)")
        RadarClassify.exit(withError: ExitCode.failure)
      }
    } catch {
      RadarClassify.exit(withError: error)
    }
  }
}
