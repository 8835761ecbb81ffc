/// CRC-32C, the checksum of iSCSI and SCTP, with Castagnoli's polynomial.
///
/// HAProxy offers it as a converter of keys.
///
/// - Complexity: O(n) in the bytes hashed, no allocation; the tables, 8 KiB, are made at the first use.
/// - Note: RFC 3720 §12.1 and appendix B.4; RFC 9260 appendix A.
public enum CRC32C: ByteHash {
    private static let table = CRCTable(reflectedPolynomial: 0x82F6_3B78)

    /// The checksum of `bytes`, of which there may be none.
    public static func hash(_ bytes: RawSpan) -> UInt32 {
        ~table.state(after: ~0, bytes)
    }
}
