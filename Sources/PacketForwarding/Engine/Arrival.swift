/// What is known of a frame before the flow table is asked: enough to look its flow up, and to ask for its memory ahead.
struct Arrival: BitwiseCopyable {
    /// What is to be asked.
    enum Kind: UInt8, BitwiseCopyable {
        /// Nothing is known yet: the frame is looked at from its beginning when its turn comes.
        case unknown
        /// A client's packet with ports to a service: the flow of the key.
        case client
        /// A packet with ports from a backend of a NAT mode: the flow that it answers.
        case backend
    }

    var kind: Kind
    /// Of a client's packet the number of the service, of a backend's the number of its address and port.
    var number: UInt32
    /// Where the flow probably is, if that was looked up.
    var candidate: UInt32
    /// The key's hash in the flow table.
    var hash: UInt64
    var key: FlowKey
    var packet: Packet

    /// An arrival of which nothing is known.
    static let unknown: Arrival = {
        let nobody = IPAddress(v4: 0)
        return Arrival(
            kind: .unknown, number: 0, candidate: FlowTable.none, hash: 0,
            key: FlowKey(answersTo: nobody, port: 0, transport: .tcp), packet: .none)
    }()
}
