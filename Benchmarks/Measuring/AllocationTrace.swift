import Foundation

#if canImport(Glibc)
    // Of the C library, which this package needs anyway; its header is not part of the module that Swift imports.
    @_silgen_name("mtrace")
    private func startTracing()
    @_silgen_name("muntrace")
    private func stopTracing()
#endif

/// Counts allocations with glibc's tracer, which writes a line for each.
///
/// It works where the process was started with `libc_malloc_debug.so.0` preloaded, as ``rows(of:only:as:)`` does.
enum AllocationTrace {
    /// The library to preload.
    static let library = "libc_malloc_debug.so.0"

    /// How often memory is allocated in `body`; `nil` where that cannot be counted.
    ///
    /// Counted are calls of malloc, calloc, realloc and aligned_alloc.
    static func count(_ body: () -> Void) -> Int? {
        #if canImport(Glibc)
            let path = NSTemporaryDirectory() + "allocations-\(ProcessInfo.processInfo.processIdentifier).mtrace"
            unsafe setenv("MALLOC_TRACE", path, 1)
            defer { unsafe unlink(path) }
            startTracing()
            body()
            stopTracing()
            guard let text = try? String(contentsOfFile: path, encoding: .isoLatin1) else { return nil }
            // "@ caller + address size" for a new block, "@ caller > address size" for one that was resized.
            return text.split(separator: "\n").count { line in
                line.hasPrefix("@") && (line.contains("] + 0x") || line.contains("] > 0x"))
            }
        #else
            body()
            return nil
        #endif
    }

    /// Whether counts are right: a known number of objects is found.
    static var isTrustworthy: Bool {
        /// Something to allocate.
        final class Probe {
            let number: Int
            init(_ number: Int) { self.number = number }
        }
        var probes: [Probe] = []
        probes.reserveCapacity(1_000)
        let count = count { for number in 0..<1_000 { probes.append(Probe(number)) } }
        return count == 1_000 && probes.reduce(0) { $0 + $1.number } == 499_500
    }
}
