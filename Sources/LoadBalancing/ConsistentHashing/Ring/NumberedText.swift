/// A text with a growing number behind it, such as `NAME-0`, `NAME-1` and so on.
///
/// The number is counted up in place, digit by digit.
struct NumberedText {
    private(set) var bytes: [UInt8]
    /// Where the digits begin.
    let digits: Int

    /// The text with the number 0.
    init(_ text: [UInt8], separator: Unicode.Scalar) {
        bytes = text
        bytes.append(UInt8(ascii: separator))
        digits = bytes.count
        bytes.append(UInt8(ascii: "0"))
    }

    /// Adds one to the number.
    mutating func next() {
        var position = bytes.count &- 1
        while position >= digits {
            if bytes[position] < UInt8(ascii: "9") {
                bytes[position] &+= 1
                return
            }
            bytes[position] = UInt8(ascii: "0")
            position &-= 1
        }
        bytes.insert(UInt8(ascii: "1"), at: digits)
    }

    /// Calls `body` with the hashes of the next `count` texts.
    mutating func forEach<Hash: ByteHash>(_ count: Int, _: Hash.Type, _ body: (Hash.Value) -> Void) {
        for _ in 0..<count {
            body(withRawSpan(of: bytes) { Hash.hash($0) })
            next()
        }
    }

    /// Calls `body` with the MD5 digests of the next `count` texts, eight of which are made at once.
    mutating func forEachMD5(_ count: Int, _ body: (MD5.Digest) -> Void) {
        var left = count
        var eight = MD5.Eight()
        var laid = 0
        while left > 0 {
            guard bytes.count <= MD5.Eight.maximumByteCount else { return forEach(left, MD5.self, body) }
            if bytes.count != laid {
                eight.fill(bytes)
                laid = bytes.count
            }
            // Texts of one length share a block's layout; a lane too many is made and dropped.
            var lanes = 0
            while lanes < min(8, left), bytes.count == laid {
                for offset in digits..<laid { eight.set(bytes[offset], at: offset, lane: lanes) }
                lanes &+= 1
                next()
            }
            let (a, b, c, d) = eight.digests()
            for lane in 0..<lanes { body(MD5.Digest(a[lane], b[lane], c[lane], d[lane])) }
            left &-= lanes
        }
    }
}
