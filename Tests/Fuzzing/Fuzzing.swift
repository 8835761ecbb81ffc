import Foundation

#if FUZZING
    /// libFuzzer, which makes inputs and calls back with each of them until it is told to end.
    @_silgen_name("LLVMFuzzerRunDriver")
    private func runDriver(
        _ count: UnsafeMutablePointer<CInt>,
        _ arguments: UnsafeMutablePointer<UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>>,
        _ body: @convention(c) (UnsafePointer<UInt8>?, Int) -> CInt
    ) -> CInt

    /// With libFuzzer: its options, and folders of inputs.
    @main
    enum Fuzzing {
        static func main() {
            var count = CommandLine.argc
            var arguments = unsafe CommandLine.unsafeArgv
            exit(
                unsafe runDriver(&count, &arguments) { start, count in
                    let bytes = unsafe Array(UnsafeBufferPointer(start: start, count: count))
                    let fault = FuzzTarget.chosen.faults(bytes).first
                    if let fault { fatalError("\(FuzzTarget.chosen): \(fault)") }
                    return 0
                })
        }
    }
#else
    /// Without libFuzzer: runs files through a target once, or writes the seeds.
    @main
    enum Fuzzing {
        private static let usage = """
            usage: Fuzzing [--target=NAME] FILE...
                   Fuzzing --seeds FOLDER

              FILE              an input, such as libFuzzer leaves behind where it finds a fault
              --target=NAME     engine unless you say otherwise; of \
            \(FuzzTarget.allCases.map(\.rawValue).joined(separator: ", "))
              --seeds FOLDER    write the inputs that fuzzing of the engine begins with

            Tests/Fuzzing/run builds this program with libFuzzer and runs it.
            Exit codes: 0 no fault, 1 a fault, 2 wrong usage or unreadable files.
            """

        static func main() {
            var words = CommandLine.arguments.dropFirst().filter { !$0.hasPrefix("--target=") }
            do {
                if words.first == "--seeds", words.count == 2, let folder = words.last {
                    for seed in try Seed.all() {
                        try Data(seed.bytes).write(to: URL(filePath: folder).appending(path: seed.name))
                    }
                    return
                }
                guard !words.isEmpty, words.allSatisfy({ !$0.hasPrefix("--") }) else {
                    print(usage)
                    exit(words == ["--help"] ? 0 : 2)
                }
                words = try words.filter { file in
                    let faults = FuzzTarget.chosen.faults([UInt8](try Data(contentsOf: URL(filePath: file))))
                    for fault in faults { print("\(file): \(fault)") }
                    return !faults.isEmpty
                }
                exit(words.isEmpty ? 0 : 1)
            } catch {
                print("cannot read or write: \(error)")
                exit(2)
            }
        }
    }
#endif
