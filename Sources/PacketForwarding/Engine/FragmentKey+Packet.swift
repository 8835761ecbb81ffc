extension FragmentKey {
    /// The datagram that a packet is a fragment of.
    init(_ packet: Packet) {
        self.init(
            source: packet.source, destination: packet.destination, identification: packet.identification,
            transport: packet.transport)
    }
}
