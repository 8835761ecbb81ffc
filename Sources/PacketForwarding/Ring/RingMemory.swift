#if os(Linux)
    import Glibc

    /// How much memory a ring may take.
    ///
    /// The kernel takes a ring page by page and does not give it up again: for one that is too large it would end other programs
    /// before it refuses.
    enum RingMemory {
        /// Refuses a ring that takes more than half of the memory that is available.
        static func check(_ count: Int, of byteCount: Int, on subject: String) throws(PacketSocketError) {
            let (bytes, isTooMany) = count.multipliedReportingOverflow(by: byteCount)
            guard count > 0, byteCount > 0 else { throw PacketSocketError(.mapRing, on: subject, code: EINVAL) }
            guard !isTooMany, bytes <= available() / 2 else {
                throw PacketSocketError(.mapRing, on: subject, code: ENOMEM)
            }
        }

        /// The bytes that the kernel could give without swapping; all that the host has where it does not say.
        private static func available() -> Int {
            if let file = Descriptor(unsafe open("/proc/meminfo", O_RDONLY | O_CLOEXEC)) {
                var bytes = [UInt8](repeating: 0, count: 4_096)
                let count = unsafe read(file.number, &bytes, bytes.count)
                let lines = bytes.prefix(max(count, 0)).split(separator: UInt8(ascii: "\n"))
                for line in lines where line.starts(with: "MemAvailable:".utf8) {
                    let digits = line.filter { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
                    if let kibibytes = Int(String(decoding: digits, as: UTF8.self)) { return kibibytes << 10 }
                }
            }
            let pages = sysconf(CInt(_SC_PHYS_PAGES))
            return pages > 0 ? pages * sysconf(CInt(_SC_PAGESIZE)) : .max
        }
    }
#endif
