import Glibc
import Synchronization

/// Whether somebody wants the process to end.
enum StopSignal {
    private static let flag = Atomic(false)

    static var isReceived: Bool { flag.load(ordering: .relaxed) }

    /// Takes note of SIGTERM and SIGINT from now on, in place of ending at once.
    static func listen() {
        signal(SIGTERM) { _ in StopSignal.flag.store(true, ordering: .relaxed) }
        signal(SIGINT) { _ in StopSignal.flag.store(true, ordering: .relaxed) }
    }
}
