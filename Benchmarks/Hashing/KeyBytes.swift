import LoadBalancing

/// Keys of 16 bytes, such as `session:1b2c3d4e`: those of the yardstick, in its order.
struct KeyBytes: Sendable {
    private let bytes: [UInt8]

    private static let count = 4_096
    static let length = 16

    init() {
        bytes = (0..<Self.count).flatMap { number in
            let digits = String(UInt32(truncatingIfNeeded: mixed(UInt64(number))), radix: 16)
            return Array("session:".utf8) + Array(String(repeating: "0", count: 8 - digits.count).utf8)
                + Array(digits.utf8)
        }
    }

    /// Calls `body` with `count` keys, and adds what it gives.
    @inline(__always)
    func sum(_ count: Int, _ body: (RawSpan) -> UInt64) -> UInt64 {
        // A byte has no padding that could be read.
        let span = unsafe bytes.span.bytes
        var sum: UInt64 = 0
        for step in 0..<count {
            let start = (step &* 5 & (Self.count - 1)) &* Self.length
            sum &+= body(span.extracting(start..<start &+ Self.length))
        }
        return sum
    }
}

// Each loop is a function of its own, so that what is measured is in line in it.

extension KeyBytes {
    @inline(never)
    func hashMD5(_ count: Int) -> UInt64 {
        sum(count) { UInt64(MD5.hash($0).word(0)) }
    }

    @inline(never)
    func hashXXH64(_ count: Int) -> UInt64 {
        sum(count) { XXH64.hash($0) }
    }

    @inline(never)
    func hashCRC32(_ count: Int) -> UInt64 {
        sum(count) { UInt64(CRC32.hash($0)) }
    }

    @inline(never)
    func find(in table: MaglevTable, _ count: Int) -> UInt64 {
        sum(count) { UInt64(truncatingIfNeeded: table.backend(forKey: $0) ?? -1) }
    }

    @inline(never)
    func find(in ring: HashRing, _ count: Int) -> UInt64 {
        sum(count) { UInt64(truncatingIfNeeded: ring.backend(forKey: $0) ?? -1) }
    }
}
