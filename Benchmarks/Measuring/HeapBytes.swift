import Foundation

#if canImport(Glibc)
    /// glibc's report on its heaps, as XML.
    @_silgen_name("malloc_info")
    private func mallocInfo(_ options: CInt, _ stream: UnsafeMutablePointer<FILE>) -> CInt
#endif

/// The bytes of the heap that are in use.
enum HeapBytes {
    /// Bytes in use, with what the allocator adds to each block; `nil` where the system does not tell.
    static var inUse: Int? {
        #if canImport(Glibc)
            guard let report else { return nil }
            // The totals over all heaps come last. In use is what came from the system less what lies free.
            guard let system = size(of: "system type=\"current\"", in: report),
                let fast = size(of: "total type=\"fast\"", in: report),
                let rest = size(of: "total type=\"rest\"", in: report),
                let mapped = size(of: "total type=\"mmap\"", in: report)
            else { return nil }
            return system + mapped - fast - rest
        #elseif canImport(Darwin)
            var statistics = malloc_statistics_t()
            unsafe malloc_zone_statistics(nil, &statistics)
            return Int(statistics.size_in_use)
        #else
            return nil
        #endif
    }

    #if canImport(Glibc)
        private static var report: String? {
            // Invariant: the stream is open until it is closed here, and glibc only writes to it.
            guard let stream = unsafe tmpfile() else { return nil }
            defer { unsafe fclose(stream) }
            guard unsafe mallocInfo(0, stream) == 0 else { return nil }
            unsafe rewind(stream)
            var bytes: [UInt8] = []
            while true {
                let byte = unsafe fgetc(stream)
                guard byte >= 0 else { break }
                bytes.append(UInt8(truncatingIfNeeded: byte))
            }
            return String(bytes: bytes, encoding: .utf8)
        }

        private static func size(of tag: String, in report: String) -> Int? {
            guard let line = report.split(separator: "\n").last(where: { $0.contains(tag) }),
                let start = line.range(of: "size=\"")?.upperBound
            else { return nil }
            return Int(line[start...].prefix { $0 != "\"" })
        }
    #endif
}
