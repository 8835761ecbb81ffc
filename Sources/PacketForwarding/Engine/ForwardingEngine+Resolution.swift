/// Owning the services' addresses on a link: ARP and neighbour discovery.
extension ForwardingEngine {
    func answerARP(_ frame: inout Frame, _ header: EthernetHeader, on interface: UInt16) -> Verdict {
        let offset = header.byteCount
        guard frame.byteCount - offset >= ARPMessage.Offset.end else { return .drop(.malformed) }
        guard let message = frame.withBytes({ ARPMessage($0, at: offset) }), message.operation == .request,
            plan.answers(for: message.target, on: interface)
        else { return .pass }
        frame.becomeARPReply(to: message, at: offset, from: plan.links.interfaces[Int(interface)].mac)
        return .send
    }

    /// `nil` for what is no solicitation.
    func answerSolicitation(_ frame: inout Frame, _ packet: Packet, on interface: UInt16) -> Verdict? {
        guard !packet.isMalformed,
            frame.withBytes({ ICMPHeader($0, of: packet) })?.type == .neighbourSolicitation
        else { return nil }
        guard let target = frame.withBytes({ NeighbourSolicitation.target($0, of: packet) }),
            plan.answers(for: target, on: interface)
        else { return .pass }
        guard let solicitation = frame.withBytes({ NeighbourSolicitation($0, of: packet) }) else {
            return .drop(.malformed)
        }
        let mac = plan.links.interfaces[Int(interface)].mac
        return frame.becomeAdvertisement(to: solicitation, in: packet, from: mac) ? .send : .drop(.noMemory)
    }
}
