#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif
import Synchronization

/// Whether somebody wants the site to leave.
enum LeaveSignal {
    private static let flag = Atomic(false)

    static var isReceived: Bool { flag.load(ordering: .relaxed) }

    /// Takes note of SIGTERM and SIGINT from now on, in place of ending at once.
    static func listen() {
        signal(SIGTERM) { _ in LeaveSignal.flag.store(true, ordering: .relaxed) }
        signal(SIGINT) { _ in LeaveSignal.flag.store(true, ordering: .relaxed) }
    }
}
