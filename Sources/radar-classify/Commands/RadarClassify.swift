import ArgumentParser

struct RadarClassify: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "radar-classify",
    abstract: "Name the hand gestures in raw recordings of Doppler radars.",
    discussion: """
      A recording is a file of raw samples with a sidecar that says what they are: SigMF \
      (NAME.sigmf-data or NAME.bin with NAME.sigmf-meta), or a capture of TI's DCA1000 (NAME.bin \
      with NAME.cfg). Without another subcommand its gestures are named:

        radar-classify recordings/fmcw60-swipes.bin

      Results go to standard output, everything else to standard error. The exit status is 0 when \
      the work is done, 1 when it failed, and 64 when the arguments were wrong.
      """,
    version: "0.1.0",
    subcommands: [
      Classify.self, Info.self, Convert.self, Detect.self, Train.self, Evaluate.self,
      Render.self,
      Simulate.self, Study.self, Live.self, ReplayCommand.self, Enroll.self, Search.self,
    ],
    defaultSubcommand: Classify.self)
}
