/// A record as PowerDNS reads it.
struct Record: Encodable, Equatable, Sendable {
    let type: String
    let name: String
    let content: String
    let timeToLive: UInt32
    /// How many bits of the client's network decided.
    let scope: Int

    private enum CodingKeys: String, CodingKey {
        case type = "qtype"
        case name = "qname"
        case content
        case timeToLive = "ttl"
        case scope = "scopeMask"
    }

    /// What stands at a name that has no records: PowerDNS's empty non-terminal.
    ///
    /// Without it a name that nobody serves just now would seem not to be there at all (NXDOMAIN), and so would all names
    /// below it (RFC 8020); the right answer is that it has no records of the type (NODATA, RFC 2308).
    static func nothing(at name: String, timeToLive: UInt32, scope: Int) -> Record {
        Record(type: "ENT", name: name, content: "", timeToLive: timeToLive, scope: scope)
    }

    /// A string of a TXT record: 255 bytes at the most, and nothing but printable ASCII as it is.
    static func quoted(_ text: String) -> String {
        var result = "\""
        for byte in text.utf8.prefix(255) {
            switch byte {
            case UInt8(ascii: "\""), UInt8(ascii: "\\"): result += "\\" + String(UnicodeScalar(byte))
            case 0x20...0x7E: result.unicodeScalars.append(UnicodeScalar(byte))
            default: result += "\\" + String(1_000 + Int(byte)).dropFirst()
            }
        }
        return result + "\""
    }
}
