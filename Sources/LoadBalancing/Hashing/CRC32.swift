/// CRC-32 as in IEEE 802.3, gzip and PNG, in one go or piece by piece.
///
/// nginx and Pingora place ring points with it, each continuing the checksum of the backend's name; Cache::Memcached
/// and nginx's plain `hash` pick by it, and it is HAProxy's `hash-type … crc32`.
///
///     var name = CRC32()
///     name.update("10.0.0.1\u{0}443")
///     var point = name
///     point.update(littleEndian: 0)
///     point.value
///
/// - Complexity: O(n) in the bytes hashed; the tables, 8 KiB, are made at the first use.
/// - Note: IEEE 802.3 §3.2.9; the bits are reflected, the state starts and ends inverted.
public struct CRC32: ByteHash, Hashable, Sendable {
    static let reflectedPolynomial: UInt32 = 0xEDB8_8320
    private static let table = CRCTable(reflectedPolynomial: reflectedPolynomial)

    /// The remainder so far, inverted.
    private var state: UInt32 = ~0

    /// The checksum of no bytes yet.
    public init() {}

    /// The checksum of the bytes taken in so far.
    public var value: UInt32 { ~state }

    /// Takes in `bytes`.
    ///
    /// - Complexity: O(n) in the bytes, no allocation.
    public mutating func update(_ bytes: RawSpan) {
        state = Self.table.state(after: state, bytes)
    }

    /// Takes in the UTF-8 form of `text`, without an end mark.
    ///
    /// - Complexity: O(n) in the bytes; no allocation for text that lies in one piece of memory.
    @inlinable
    public mutating func update(_ text: some StringProtocol) {
        update(text.utf8)
    }

    /// Takes in the elements of `bytes` in order.
    ///
    /// - Complexity: O(n) in the bytes; no allocation for a collection that lies in one piece of memory.
    @inlinable
    public mutating func update(_ bytes: some Collection<UInt8>) {
        self = withRawSpan(of: bytes) { [self] span in
            var checksum = self
            checksum.update(span)
            return checksum
        }
    }

    /// Takes in the four little-endian bytes of `word`.
    ///
    /// - Complexity: O(1).
    public mutating func update(littleEndian word: UInt32) {
        state = Self.table.state(after: state, littleEndian: word)
    }

    /// The checksum of `bytes`, of which there may be none.
    public static func hash(_ bytes: RawSpan) -> UInt32 {
        ~table.state(after: ~0, bytes)
    }
}
