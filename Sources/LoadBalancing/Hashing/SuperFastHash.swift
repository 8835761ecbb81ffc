/// Paul Hsieh's hash, 32 bits, which calls itself super fast.
///
/// libmemcached and twemproxy offer it for keys as `hsieh`; see ``Signed`` for bytes above 127.
///
/// - Complexity: O(n) in the bytes hashed, no allocation.
/// - Note: Hsieh, *Hash functions*, azillionmonkeys.com/qed/hash.html, 2004; started from 0, and 0 for no bytes.
public enum SuperFastHash: ByteHash {
    /// Hashes `bytes`, of which there may be none.
    public static func hash(_ bytes: RawSpan) -> UInt32 {
        hash(bytes) { UInt32($0) }
    }

    /// ``SuperFastHash`` with the last of three left over bytes taken as signed, as C programs do where `char` is signed.
    ///
    /// libmemcached and twemproxy compute this on x86; it differs where that byte is above 127.
    public enum Signed: ByteHash {
        /// Hashes `bytes`, of which there may be none.
        public static func hash(_ bytes: RawSpan) -> UInt32 {
            SuperFastHash.hash(bytes) { UInt32(signExtending: $0) }
        }
    }

    @inline(__always)
    private static func hash(_ bytes: RawSpan, third: (UInt8) -> UInt32) -> UInt32 {
        let count = bytes.byteCount
        var hash: UInt32 = 0
        var offset = 0
        while count &- offset >= 4 {
            let word = bytes.littleEndian32(at: offset)
            hash &+= word & 0xFFFF
            hash = hash &<< 16 ^ (word &>> 16) &<< 11 ^ hash
            hash &+= hash &>> 11
            offset &+= 4
        }
        switch count &- offset {
        case 3:
            hash &+= UInt32(bytes.byte(at: offset)) | UInt32(bytes.byte(at: offset &+ 1)) &<< 8
            hash ^= hash &<< 16
            hash ^= third(bytes.byte(at: offset &+ 2)) &<< 18
            hash &+= hash &>> 11
        case 2:
            hash &+= UInt32(bytes.byte(at: offset)) | UInt32(bytes.byte(at: offset &+ 1)) &<< 8
            hash ^= hash &<< 11
            hash &+= hash &>> 17
        case 1:
            hash &+= UInt32(bytes.byte(at: offset))
            hash ^= hash &<< 10
            hash &+= hash &>> 1
        default: break
        }
        hash ^= hash &<< 3
        hash &+= hash &>> 5
        hash ^= hash &<< 4
        hash &+= hash &>> 17
        hash ^= hash &<< 25
        return hash &+ hash &>> 6
    }
}
