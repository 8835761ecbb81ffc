import Foundation

/// How long this thread could have run and had no core, by the system's own count (Linux: `schedstat`, proc(5)).
///
/// Must be used by the thread that made it. Where the system does not tell, it is nothing.
struct CoreWait: ~Copyable {
    private let file: CInt

    init() {
        file = unsafe open("/proc/thread-self/schedstat", O_RDONLY)
    }

    deinit {
        if file >= 0 { close(file) }
    }

    /// Nanoseconds since the thread began.
    var nanoseconds: UInt64 {
        var bytes = [UInt8](repeating: 0, count: 64)
        let count = unsafe pread(file, &bytes, bytes.count, 0)
        // Time on a core, time without one, turns.
        let fields = bytes.prefix(max(count, 0)).split(separator: UInt8(ascii: " "))
        guard fields.count == 3 else { return 0 }
        return UInt64(String(decoding: fields[1], as: UTF8.self)) ?? 0
    }
}
