/// The backends of a service that connection IDs name.
///
/// The ID of a short header is the server's choice. That of a long header is the client's own in Initial and 0-RTT packets, and
/// means nothing there; in Handshake packets it is the server's. A Retry comes from servers only.
///
/// A client may write any number into a packet, but it reaches only the backends that are listed here, which it would reach with some
/// other source port as well. Whether the backend still lives, only the caller knows.
struct QUICServers: Sendable {
    /// Where in an ID the number stands.
    let form: QUICServerIDForm
    /// Whether Handshake packets are read too, not only short headers.
    let readsLongHeaders: Bool
    private let numbers: [UInt64]
    private let backends: [UInt32]

    /// Backends by their servers' numbers; of those that share one, the first counts.
    ///
    /// - Parameters:
    ///   - form: Where in an ID the number stands.
    ///   - readsLongHeaders: Whether Handshake packets are read too.
    ///   - servers: The servers' numbers, each with the number of its backend.
    init(form: QUICServerIDForm, readsLongHeaders: Bool = false, servers: [(number: UInt64, backend: UInt32)]) {
        self.form = form
        self.readsLongHeaders = readsLongHeaders
        let first = Dictionary(servers.map { ($0.number, $0.backend) }, uniquingKeysWith: { first, _ in first })
        numbers = first.keys.sorted()
        backends = numbers.compactMap { first[$0] }
    }

    /// The backend that a datagram names; `nil` if it names none of them.
    ///
    /// - Parameters:
    ///   - bytes: The datagram, or the packet or frame that it lies in.
    ///   - datagram: Where its payload lies: inside of `bytes`.
    /// - Complexity: O(log n) in the servers, no allocation.
    func backend(_ bytes: RawSpan, in datagram: Range<Int>) -> UInt32? {
        guard let header = QUICHeader(bytes, in: datagram),
            header.longType == nil || readsLongHeaders && header.longType == .handshake,
            let number = form.number(bytes, header)
        else { return nil }
        var range = 0..<numbers.count
        while !range.isEmpty {
            let middle = range.lowerBound + range.count / 2
            if numbers[middle] == number { return backends[middle] }
            range = numbers[middle] < number ? middle + 1..<range.upperBound : range.lowerBound..<middle
        }
        return nil
    }
}
