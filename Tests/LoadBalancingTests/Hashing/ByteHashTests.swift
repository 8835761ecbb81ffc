import LoadBalancing
import Testing

/// What holds for every hash: the value depends on the bytes alone.
@Suite struct ByteHashTests {
    /// Every hash of the library, its value in words.
    static let hashes: [(name: String, hash: @Sendable (RawSpan) -> [UInt64])] = [
        ("CRC16", { [UInt64(CRC16.unmasked($0))] }),
        ("CRC32", { [UInt64(CRC32.hash($0))] }),
        ("CRC32C", { [UInt64(CRC32C.hash($0))] }),
        ("DJB2", { [UInt64(DJB2.hash($0))] }),
        ("FNV1_32", { [UInt64(FNV1_32.hash($0)), UInt64(FNV1_32.Signed.hash($0))] }),
        ("FNV1_64", { [FNV1_64.hash($0), FNV1_64.Signed.hash($0)] }),
        ("FNV1a_32", { [UInt64(FNV1a_32.hash($0)), UInt64(FNV1a_32.Signed.hash($0))] }),
        ("FNV1a_64", { [FNV1a_64.hash($0), FNV1a_64.Signed.hash($0)] }),
        ("JenkinsLookup3", { [UInt64(JenkinsLookup3.hash($0, seed: 7))] }),
        ("MD5", { bytes in (0..<4).map { UInt64(MD5.hash(bytes).word($0)) } }),
        ("MurmurHash2", { [UInt64(MurmurHash2.hash($0, seed: 7))] }),
        ("MurmurHash3", { words(MurmurHash3.hash($0, seed: 7)) }),
        ("MurmurHash64A", { [MurmurHash64A.hash($0, seed: 7)] }),
        ("OneAtATime", { [UInt64(OneAtATime.hash($0)), UInt64(OneAtATime.Signed.hash($0))] }),
        ("SDBM", { [UInt64(SDBM.hash($0))] }),
        ("SHA1", { SHA1.hash($0).map(UInt64.init) }),
        ("SipHash13", { [SipHash13.hash($0, seed: SipKey(7, 8))] }),
        ("SipHash24", { [SipHash24.hash($0, seed: SipKey(7, 8))] }),
        ("SipHash24_128", { words(SipHash24_128.hash($0, seed: SipKey(7, 8))) }),
        ("SuperFastHash", { [UInt64(SuperFastHash.hash($0)), UInt64(SuperFastHash.Signed.hash($0))] }),
        ("WT6", { [UInt64(WT6.hash($0))] }),
        ("XXH32", { [UInt64(XXH32.hash($0, seed: 7))] }),
        ("XXH64", { [XXH64.hash($0, seed: 7)] }),
    ]

    static func words(_ pair: (UInt64, UInt64)) -> [UInt64] { [pair.0, pair.1] }

    @Test(arguments: hashes.indices)
    func valueDoesNotDependOnWhereTheBytesLie(index: Int) {
        let (name, hash) = Self.hashes[index]
        for length in 0...200 {
            let bytes = Bytes.noise(length, seed: UInt64(length))
            let value = unsafe bytes.withUnsafeBytes { unsafe hash($0.bytes) }
            for shift in [1, 2, 3, 5, 7] {
                let padding = Bytes.noise(shift, seed: 99)
                let shifted = unsafe (padding + bytes + padding).withUnsafeBytes { buffer in
                    unsafe hash(buffer.bytes.extracting(shift..<shift + length))
                }
                #expect(shifted == value, "\(name), \(length) bytes moved by \(shift)")
            }
        }
    }

    @Test(arguments: hashes.indices)
    func everyByteCounts(index: Int) {
        let (name, hash) = Self.hashes[index]
        for length in [1, 3, 4, 7, 8, 15, 16, 31, 32, 33, 63, 64, 100] {
            var bytes = Bytes.noise(length, seed: 5)
            let value = unsafe bytes.withUnsafeBytes { unsafe hash($0.bytes) }
            for position in 0..<length {
                bytes[position] ^= 1
                let other = unsafe bytes.withUnsafeBytes { unsafe hash($0.bytes) }
                #expect(other != value, "\(name), byte \(position) of \(length)")
                bytes[position] ^= 1
            }
        }
    }

    @Test(arguments: ["", "a", "10.0.0.1:11211", "a key that is too long to be stored inline", "straße 🚲"])
    func textIsItsUTF8(text: String) {
        let bytes = Array(text.utf8)
        #expect(CRC32.hash(text) == CRC32.hash(bytes))
        #expect(CRC32.hash(text[...]) == CRC32.hash(bytes))
        #expect(XXH64.hash(text) == XXH64.hash(bytes))
        #expect(XXH64.hash(text, seed: 3) == XXH64.hash(bytes, seed: 3))
        #expect(XXH64.hash(text[...], seed: 3) == XXH64.hash(bytes, seed: 3))
    }

    @Test(arguments: [0, 1, 40])
    func collectionsInPiecesAreCopied(length: Int) {
        let bytes = Bytes.noise(length, seed: 2)
        let pieces = [Array(bytes.prefix(length / 2)), Array(bytes.dropFirst(length / 2))].joined()
        #expect(Array(pieces) == bytes)
        #expect(CRC32.hash(bytes.reversed() as ReversedCollection) == CRC32.hash(Array(bytes.reversed())))
        #expect(XXH64.hash(bytes.lazy.map { $0 &+ 1 }, seed: 3) == XXH64.hash(bytes.map { $0 &+ 1 }, seed: 3))
    }

    @Test func rawBuffersAreTheirBytes() {
        let bytes = Bytes.noise(50, seed: 4)
        unsafe bytes.withUnsafeBytes { buffer in
            #expect(unsafe CRC32.hash(buffer) == CRC32.hash(bytes))
            #expect(unsafe XXH64.hash(buffer, seed: 3) == XXH64.hash(bytes, seed: 3))
        }
        let nothing = unsafe UnsafeRawBufferPointer(start: nil, count: 0)
        #expect(unsafe XXH64.hash(nothing, seed: 3) == XXH64.hash("", seed: 3))
    }

    @Test func noSeedIsSeedZero() {
        #expect(XXH64.hash("key") == XXH64.hash("key", seed: 0))
        #expect(XXH32.hash("key") == XXH32.hash("key", seed: 0))
        #expect(MurmurHash64A.hash("key") == MurmurHash64A.hash("key", seed: 0))
        #expect(MurmurHash3.hash("key") == MurmurHash3.hash("key", seed: 0))
    }
}
