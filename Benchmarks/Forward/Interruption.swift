import Foundation
import Synchronization

/// Whether somebody wants the program to end: what was begun is then undone first.
enum Interruption {
    private static let isReceived = Atomic(false)

    /// Takes note of SIGINT, SIGTERM and SIGHUP from now on, in place of ending at once.
    static func listen() {
        for number in [SIGINT, SIGTERM, SIGHUP] {
            signal(number) { _ in Interruption.isReceived.store(true, ordering: .relaxed) }
        }
    }

    /// Throws if somebody does.
    static func check() throws(CommandFailure) {
        guard isReceived.load(ordering: .relaxed) else { return }
        throw CommandFailure(message: "interrupted", code: 1)
    }
}
