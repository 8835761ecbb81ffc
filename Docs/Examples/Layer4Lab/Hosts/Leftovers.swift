import Foundation
import Synchronization

/// What the lab has made and not yet removed: programs, hosts and files.
///
/// Whatever happens, it is removed.
enum Leftovers {
    private struct State {
        var programs: [ObjectIdentifier: Program] = [:]
        var namespaces: Set<String> = []
        var folders: Set<String> = []
    }

    private static let state = Mutex(State())

    static func add(_ program: Program) {
        state.withLock { $0.programs[ObjectIdentifier(program)] = program }
    }

    static func remove(_ program: Program) {
        state.withLock { _ = $0.programs.removeValue(forKey: ObjectIdentifier(program)) }
    }

    static func add(namespace: String) { state.withLock { _ = $0.namespaces.insert(namespace) } }

    static func remove(namespace: String) {
        state.withLock { _ = $0.namespaces.remove(namespace) }
        _ = try? Program.run(LabHost.ip, ["netns", "del", namespace])
    }

    static func add(folder: String) { state.withLock { _ = $0.folders.insert(folder) } }

    static func remove(folder: String) {
        state.withLock { _ = $0.folders.remove(folder) }
        try? FileManager.default.removeItem(atPath: folder)
    }

    /// Removes all of it.
    static func removeAll() {
        let left = state.withLock { $0 }
        for program in left.programs.values { program.signal(SIGKILL) }
        for namespace in left.namespaces { remove(namespace: namespace) }
        for folder in left.folders { remove(folder: folder) }
    }
}
