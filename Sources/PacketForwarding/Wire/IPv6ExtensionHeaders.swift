/// The extension headers between an IPv6 header and what the packet carries (RFC 8200 §4).
///
/// Hop-by-hop options, routing, destination options and fragment headers are walked over, up to ``limit`` of them. All
/// others (among them authentication, encryption and "no next header") count as what the packet carries.
struct IPv6ExtensionHeaders: BitwiseCopyable {
    enum Offset {
        static let nextHeader = 0
        /// Units of eight bytes behind the first eight.
        static let length = 1
        static let fragment = 2
        static let identification = 4
        static let minimumEnd = 8
    }

    /// Bits of the field at ``Offset/fragment``.
    enum Fragment {
        static let moreFragments: UInt16 = 0x0001
        static let offsetMask: UInt16 = 0xFFF8
    }

    /// No honest packet needs more.
    static let limit = 8

    /// What follows the last one.
    private(set) var transport: IPProtocol
    /// Where that begins, if it is there at all: not in a later fragment.
    private(set) var end: Int
    /// The offset in bytes and whether more follow, as in the fragment header; `nil` without one.
    private(set) var fragment: UInt16?
    private(set) var identification: UInt32 = 0
    /// Whether what follows is the middle of something.
    private(set) var isLaterFragment = false

    /// Walks over the headers; `nil` if one is cut short, or there are more than ``limit``.
    ///
    /// - Parameters:
    ///   - bytes: The packet, or the frame that it lies in.
    ///   - header: Where the fixed header begins.
    ///   - limit: Where the packet ends: at most at the end of `bytes`.
    init?(_ bytes: RawSpan, behind header: Int, limit: Int) {
        transport = IPProtocol(rawValue: bytes.byte(at: header &+ IPv6Header.Offset.nextHeader))
        end = header &+ IPv6Header.Offset.end
        var count = 0
        while transport.isExtension {
            guard count < Self.limit, limit &- end >= Offset.minimumEnd else { return nil }
            count &+= 1
            var byteCount = Offset.minimumEnd
            if transport == .fragment {
                let field = bytes.bigEndian16(at: end &+ Offset.fragment)
                isLaterFragment = field & Fragment.offsetMask != 0
                // Of several fragment headers, one behind which nothing can be read decides; else the first that is not
                // atomic (RFC 6946).
                if isLaterFragment || fragment.map({ $0 & Fragment.moreFragments == 0 }) ?? true {
                    fragment = field
                    identification = bytes.bigEndian32(at: end &+ Offset.identification)
                }
            } else {
                byteCount &+= Int(bytes.byte(at: end &+ Offset.length)) &* 8
                guard limit &- end >= byteCount else { return nil }
            }
            transport = IPProtocol(rawValue: bytes.byte(at: end &+ Offset.nextHeader))
            end &+= byteCount
            // There are no headers to be found in the middle of something.
            if isLaterFragment { return }
        }
    }
}
