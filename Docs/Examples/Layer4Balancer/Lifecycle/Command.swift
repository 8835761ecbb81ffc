import Foundation

/// A program that an administrator wants to be run at a turn of the daemon's life.
enum Command {
    /// Runs a program, and waits for it a limited time; what goes wrong is said, and does not stop the daemon.
    static func run(_ words: [String], within limit: Duration, as purpose: String) async {
        guard let program = words.first else { return }
        let process = Process()
        process.executableURL = URL(filePath: program)
        process.arguments = Array(words.dropFirst())
        do {
            try process.run()
        } catch {
            return Log.say("leaving.\(purpose): cannot run \(program): \(error.localizedDescription)")
        }
        let deadline = ContinuousClock.now.advanced(by: limit)
        while process.isRunning, ContinuousClock.now < deadline { try? await Task.sleep(for: .milliseconds(20)) }
        guard !process.isRunning else {
            process.terminate()
            return Log.say("leaving.\(purpose): \(program) took longer than \(limit) and was ended")
        }
        if process.terminationStatus != 0 {
            Log.say("leaving.\(purpose): \(program) ended with status \(process.terminationStatus)")
        }
    }
}
