import Foundation
import LoadBalancing

/// The operator's file, read again when it changes.
struct WorldFile: Sendable {
    let path: String

    func read() throws -> World {
        try JSONDecoder().decode(World.self, from: Data(contentsOf: URL(fileURLWithPath: path)))
    }

    /// Tells of each change until the task is cancelled; what cannot be used changes nothing.
    func follow(from start: World, _ take: (_ old: World, _ new: World) throws -> Void) async {
        var current = start
        var lastProblem = ""
        while (try? await Task.sleep(for: .milliseconds(200))) != nil {
            do {
                let next = try read()
                lastProblem = ""
                guard next != current else { continue }
                try take(current, next)
                current = next
            } catch {
                let problem = "\(path): \(error)"
                if problem != lastProblem { complain(problem) }
                lastProblem = problem
            }
        }
    }
}

/// Writes a line to standard error.
func complain(_ text: String) {
    FileHandle.standardError.write(Data("\(text)\n".utf8))
}
