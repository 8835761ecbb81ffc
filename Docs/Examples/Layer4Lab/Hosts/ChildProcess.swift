import Foundation
import Glibc
import Synchronization

/// A process that this one has started, and a thread that waits for its end.
///
/// Foundation's `Process` now and then misses an end where many threads start processes at once, and then waits for ever.
final class ChildProcess: Sendable {
    let identifier: pid_t
    /// How it ended; `nil` while it runs.
    ///
    /// Until then its number is no other process's.
    private let status: Mutex<Int32?>
    private let end: Mutex<BackgroundTask<Void>?>

    /// Starts a program in a process group of its own, in the network namespace of this thread.
    ///
    /// - Parameters:
    ///   - path: the program.
    ///   - arguments: what it is told.
    ///   - descriptors: its input, its output and where it complains.
    /// - Throws: ``LabError`` if it cannot be started.
    init(_ path: String, _ arguments: [String], descriptors: [CInt]) throws(LabError) {
        var actions = unsafe posix_spawn_file_actions_t()
        unsafe posix_spawn_file_actions_init(&actions)
        defer { unsafe posix_spawn_file_actions_destroy(&actions) }
        for (number, descriptor) in descriptors.enumerated() {
            unsafe posix_spawn_file_actions_adddup2(&actions, descriptor, CInt(number))
        }
        var attributes = posix_spawnattr_t()
        unsafe posix_spawnattr_init(&attributes)
        defer { unsafe posix_spawnattr_destroy(&attributes) }
        var none = sigset_t()
        unsafe sigemptyset(&none)
        unsafe posix_spawnattr_setsigmask(&attributes, &none)
        let flags = CInt(POSIX_SPAWN_SETPGROUP) | CInt(POSIX_SPAWN_SETSIGMASK)
        unsafe posix_spawnattr_setflags(&attributes, CShort(flags))
        let environment = ProcessInfo.processInfo.environment.map { "\($0)=\($1)" }
        var words = unsafe ([path] + arguments).map { unsafe strdup($0) } + [nil]
        var settings = unsafe environment.map { unsafe strdup($0) } + [nil]
        defer {
            for index in unsafe words.indices { unsafe free(words[index]) }
            for index in unsafe settings.indices { unsafe free(settings[index]) }
        }
        var identifier: pid_t = 0
        let failure = unsafe posix_spawn(&identifier, path, &actions, &attributes, &words, &settings)
        guard failure == 0 else { throw LabError("cannot start \(path): \(unsafe String(cString: strerror(failure)))") }
        self.identifier = identifier
        status = Mutex(nil)
        end = Mutex(nil)
        let waiting = BackgroundTask { [self] in awaitEnd() }
        end.withLock { $0 = waiting }
    }

    private func awaitEnd() {
        var information = unsafe siginfo_t()
        // It is left to be waited for, so that nobody else gets its number while somebody may send it a signal.
        while unsafe waitid(P_PID, id_t(identifier), &information, WEXITED | WNOWAIT) != 0, errno == EINTR {}
        status.withLock { status in
            var raw: CInt = 0
            while unsafe waitpid(identifier, &raw, 0) < 0, errno == EINTR {}
            // The status of an exit, or the number of the signal that ended it (wait(2)).
            status = raw & 0x7F == 0 ? raw >> 8 & 0xFF : raw & 0x7F
        }
    }

    var isRunning: Bool { status.withLock { $0 == nil } }

    /// Sends it a signal, if it runs.
    func signal(_ number: CInt) {
        status.withLock { status in
            if status == nil { kill(identifier, number) }
        }
    }

    /// Waits until it has ended: its status, or the number of the signal that ended it.
    func wait() throws -> Int32 {
        try end.withLock { $0 }?.wait()
        return status.withLock { $0 } ?? 0
    }
}
