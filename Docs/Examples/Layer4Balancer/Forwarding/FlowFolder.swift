import Foundation
import Glibc
import PacketForwarding
import Synchronization

/// The folder in which flows wait for the next process: a file for each worker, and one that says what the numbers in them mean.
final class FlowFolder: Sendable {
    let path: String
    private let lock: CInt
    /// Who the numbers in flows may stand for, as the file says; the latest last.
    private let kept: Mutex<[ForwardingMembers]>

    /// Opens the folder, and makes it if there is none; it is this process's until it ends.
    init(_ path: String) throws(FlowMemoryError) {
        self.path = path
        guard unsafe mkdir(path, 0o700) == 0 || errno == EEXIST else {
            throw FlowMemoryError(.open, path: path, code: errno)
        }
        lock = unsafe open("\(path)/lock", O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard lock >= 0 else { throw FlowMemoryError(.open, path: "\(path)/lock", code: errno) }
        guard flock(lock, LOCK_EX | LOCK_NB) == 0 else {
            let code = errno
            close(lock)
            throw FlowMemoryError(.lock, path: path, code: code)
        }
        let data = (try? Data(contentsOf: URL(filePath: "\(path)/\(Self.file)"))) ?? Data()
        kept = Mutex((try? JSONDecoder().decode([ForwardingMembers].self, from: data)) ?? [])
    }

    deinit {
        close(lock)
    }

    func memory(of worker: Int, byteCount: Int) throws(FlowMemoryError) -> FlowMemory {
        try FlowMemory(path: "\(path)/flows-\(worker)", byteCount: byteCount)
    }

    /// Who the numbers in flows may stand for: the latest and, since that may not have been in force yet, those before, the
    /// latest last; none if that cannot be read.
    var members: [ForwardingMembers] { kept.withLock { $0 } }

    /// Says who the numbers in flows stand for from now on.
    func begin(with members: ForwardingMembers) throws {
        try kept.withLock { kept in try write([members], over: &kept) }
    }

    /// Keeps who the numbers in flows will stand for beside what was before, while a change puts that in force.
    ///
    /// - Throws: what the change throws, of which the folder then keeps nothing, or why nothing could be kept: then there is no
    ///   change.
    func keep(_ members: ForwardingMembers, during change: () throws -> Void) throws {
        try kept.withLock { kept in
            if let last = kept.last, last.areAlike(members) { return try change() }
            let before = kept
            try write(kept.suffix(1) + [members], over: &kept)
            do {
                try change()
            } catch {
                try? write(before, over: &kept)
                throw error
            }
        }
    }

    /// Writes the file, as a whole or not at all.
    private func write(_ members: [ForwardingMembers], over kept: inout [ForwardingMembers]) throws {
        try JSONEncoder().encode(members).write(to: URL(filePath: "\(path)/\(Self.file)"), options: .atomic)
        kept = members
    }

    private static let file = "members.json"
}
