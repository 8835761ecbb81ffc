/// Where in a QUIC connection ID the number of the backend stands.
///
/// In a file it is one of
///
///     {"offset": 1, "length": 2}
///     {"form": "katran"}
///     {"form": "quic-lb", "configuration": 0, "length": 4}
///
/// each with `"readsHandshakes": true` where that is wanted.
public struct ConnectionIDLayout: Hashable, Sendable {
    /// How servers write their number into the connection IDs that they choose.
    public enum Form: Hashable, Sendable {
        /// A number of `length` bytes, 1 to 8, big-endian, behind `offset` bytes of the connection ID.
        case fixed(offset: Int, length: Int)
        /// Katran's three layouts, which the first two bits tell apart: 16 bits behind them, or 24 or 32 bits behind the
        /// first byte. The ID has eight bytes at least.
        case katran
        /// The unencrypted form of draft-ietf-quic-load-balancers-21: the first three bits are the configuration's number,
        /// 0 to 6, and `length` bytes, 1 to 8, lie behind the first byte.
        case loadBalancers(configuration: UInt8, length: Int)
    }

    /// How servers write their number.
    public var form: Form
    /// Whether Handshake packets are read too, whose connection ID is the server's choice; Initial and 0-RTT packets, whose
    /// ID is the client's, never are.
    public var readsHandshakes: Bool

    /// A layout.
    public init(_ form: Form, readsHandshakes: Bool = false) {
        self.form = form
        self.readsHandshakes = readsHandshakes
    }

    /// A number of `length` bytes behind `offset` bytes.
    public init(offset: Int, length: Int) {
        self.init(.fixed(offset: offset, length: length))
    }

    /// Whether a number can be written.
    func holds(_ number: UInt64) -> Bool {
        switch form {
        case .fixed(_, let length), .loadBalancers(_, let length):
            length >= 8 || length > 0 && number >> UInt64(8 * length) == 0
        case .katran: (1...UInt64(UInt32.max)).contains(number)
        }
    }

    /// How numbers are read.
    var serverIDForm: QUICServerIDForm {
        switch form {
        case .fixed(let offset, let length): .fixed(offset: offset, length: length)
        case .katran: .katran
        case .loadBalancers(let configuration, let length):
            .loadBalancers(configuration: configuration, length: length)
        }
    }
}

extension ConnectionIDLayout: Codable {
    private enum CodingKeys: String, CodingKey {
        case form, offset, length, configuration, readsHandshakes
    }

    private enum FormName: String, Codable {
        case fixed, katran
        case loadBalancers = "quic-lb"
    }

    /// Reads one of the forms; without a name, offset and length.
    public init(from decoder: any Decoder) throws {
        let values = try decoder.container(keyedBy: CodingKeys.self)
        let form: Form
        switch try values.decodeIfPresent(FormName.self, forKey: .form) ?? .fixed {
        case .fixed:
            form = .fixed(
                offset: try values.decode(Int.self, forKey: .offset),
                length: try values.decode(Int.self, forKey: .length))
        case .katran: form = .katran
        case .loadBalancers:
            form = .loadBalancers(
                configuration: try values.decode(UInt8.self, forKey: .configuration),
                length: try values.decode(Int.self, forKey: .length))
        }
        self.init(
            form, readsHandshakes: try values.decodeIfPresent(Bool.self, forKey: .readsHandshakes) ?? false)
    }

    /// Writes what is read.
    public func encode(to encoder: any Encoder) throws {
        var values = encoder.container(keyedBy: CodingKeys.self)
        switch form {
        case .fixed(let offset, let length):
            try values.encode(offset, forKey: .offset)
            try values.encode(length, forKey: .length)
        case .katran: try values.encode(FormName.katran, forKey: .form)
        case .loadBalancers(let configuration, let length):
            try values.encode(FormName.loadBalancers, forKey: .form)
            try values.encode(configuration, forKey: .configuration)
            try values.encode(length, forKey: .length)
        }
        if readsHandshakes { try values.encode(true, forKey: .readsHandshakes) }
    }
}
