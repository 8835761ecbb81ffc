import PacketForwarding

/// Whether what an engine did with a frame can be right: what any forwarder has to keep to, whatever its flows.
struct ForwardingCheck {
    let configuration: ForwardingConfiguration
    /// The frame as it came.
    let arrival: PlainFrame
    let verdict: Verdict

    /// What is wrong.
    ///
    /// - Parameters:
    ///   - frame: The frame afterwards.
    ///   - pieces: What was put into the batch for pieces.
    /// - Returns: nothing if all is well.
    func faults(after frame: PlainFrame, pieces: [PlainFrame]) -> [String] {
        do throws(WireFault) {
            guard verdict == .sendPieces || pieces.isEmpty else { throw WireFault("pieces that are not sent") }
            switch verdict {
            case .pass:
                guard frame == arrival else { throw WireFault("passed, but not as it came") }
            case .drop: break
            case .answer:
                try checkLink(frame)
                let packet = try checkMade(frame)
                guard packet.byteCount <= (packet.version == 4 ? 576 : 1_280) else { throw WireFault("a long answer") }
            case .send:
                try checkLink(frame)
                try checkSent(frame)
            case .sendPieces:
                for piece in pieces { try checkLink(piece) }
                try checkPieces(pieces)
            }
            return []
        } catch {
            return ["\(verdict): \(error)"]
        }
    }

    /// What is wrong with frames that no other one caused: each is a TCP segment of the engine's own.
    static func faults(ofOriginated frames: [PlainFrame], _ configuration: ForwardingConfiguration) -> [String] {
        frames.compactMap { frame in
            do throws(WireFault) {
                let check = ForwardingCheck(configuration: configuration, arrival: frame, verdict: .send)
                try check.checkLink(frame)
                let packet = try check.checkMade(frame)
                guard packet.transportProtocol == 6 else { throw WireFault("protocol \(packet.transportProtocol)") }
                return nil
            } catch {
                return "originated: \(error)"
            }
        }
    }

    /// The frame is from the interface that it leaves by, with the tag that it came with or none.
    private func checkLink(_ frame: PlainFrame) throws(WireFault) {
        let number = Int(frame.metadata.interface)
        guard number < configuration.interfaces.count, frame.bytes.count >= 14 else { throw WireFault("no frame") }
        let mac = frame.bytes[6..<12].reduce(0 as UInt64) { $0 << 8 | UInt64($1) }
        guard mac == configuration.interfaces[number].mac.bits else { throw WireFault("another station's frame") }
        let isTagged = frame.linkByteCount == 18
        if frame.metadata.interface == arrival.metadata.interface {
            guard frame.metadata.tag == arrival.metadata.tag, isTagged == (arrival.linkByteCount == 18),
                !isTagged || frame.bytes[12..<16] == arrival.bytes[12..<16]
            else { throw WireFault("another tag") }
        } else if frame.metadata.tag != nil || isTagged {
            throw WireFault("a tag on another link")
        }
    }

    /// A frame of the engine's own: complete, whole, and right in all.
    @discardableResult
    private func checkMade(_ frame: PlainFrame) throws(WireFault) -> WirePacket {
        let packet = try frame.packet()
        guard packet.end == frame.bytes.count, packet.isWhole else { throw WireFault("not what the frame holds") }
        guard frame.metadata.checksum == .complete, frame.metadata.segmentation == nil else {
            throw WireFault("something is left to the interface")
        }
        guard packet.checksumField != nil else { throw WireFault("nothing that an engine makes") }
        let isAdvertisement = packet.transportProtocol == 58 && packet.bytes[packet.transport] == 136
        let asked = try arrival.packet()
        let isOfClass = packet.trafficClass == 0 || packet.trafficClass == asked.trafficClass
        guard packet.hopLimit == (isAdvertisement ? 255 : 64), isOfClass, packet.flowLabel == 0 else {
            throw WireFault("another IP header than an engine makes")
        }
        try packet.checkTransport()
        return packet
    }

    private func checkSent(_ frame: PlainFrame) throws(WireFault) {
        if frame.etherType == 0x0806 {
            guard frame.bytes.count == frame.linkByteCount + 28, frame.number(at: frame.linkByteCount + 6) == 2 else {
                throw WireFault("no ARP reply")
            }
            return
        }
        let before = try arrival.packet()
        let packet = try frame.packet()
        guard packet.end == frame.bytes.count else { throw WireFault("padding") }
        if before.carriesICMP, packet.carriesICMP {
            let types = (before.bytes[before.transport], packet.bytes[packet.transport])
            if types == (8, 0) || types == (128, 129) || types == (135, 136) {
                try checkMade(frame)
                return
            }
        }
        try checkSize(frame, packet)
        guard frame.metadata.segmentation == arrival.metadata.segmentation else { throw WireFault("other segments") }
        let pair = PacketPair(before: before, after: packet, frameBefore: arrival, frameAfter: frame)
        if packet.byteCount > before.byteCount {
            guard frame.metadata.segmentation == nil else { throw WireFault("segments behind an outer header") }
            let inner = try TunnelCheck(configuration).inner(frame, packet)
            try PacketPair(before: before, after: inner, frameBefore: arrival, frameAfter: frame).checkSame()
        } else if packet.source == before.source, packet.destination == before.destination,
            packet.hopLimit == before.hopLimit
        {
            try pair.checkSame()
        } else {
            try pair.checkTranslated()
        }
    }

    private func checkSize(_ frame: PlainFrame, _ packet: WirePacket) throws(WireFault) {
        guard frame.metadata.segmentation == nil else { return }
        let mtu = configuration.interfaces[Int(frame.metadata.interface)].mtu
        guard packet.byteCount <= mtu else { throw WireFault("\(packet.byteCount) bytes through \(mtu)") }
    }

    /// Pieces are fragments of the packet, or segments of the large frame, in order and without a gap.
    private func checkPieces(_ pieces: [PlainFrame]) throws(WireFault) {
        var whole = arrival
        whole.bytes = try Array(arrival.bytes.prefix(arrival.packet().end))
        // Segments get checksums of their own; what nobody can compute stays as it is.
        if arrival.metadata.segmentation == nil { whole = whole.completed ?? whole }
        let before = try whole.packet()
        var payload: [UInt8] = []
        var next = before.fragmentOffset
        for (index, piece) in pieces.enumerated() {
            let outer = try piece.packet()
            try checkSize(piece, outer)
            let inner = try TunnelCheck(configuration).inner(piece, outer)
            guard outer.end == piece.bytes.count, piece.metadata.checksum == .complete,
                piece.metadata.segmentation == nil
            else { throw WireFault("not what the piece holds") }
            if arrival.metadata.segmentation != nil {
                try inner.checkTransport()
                let count = before.transportProtocol == 6 ? Int(inner.bytes[inner.transport + 12] >> 4) * 4 : 8
                payload += payload.isEmpty ? inner.payload : inner.payload.dropFirst(count)
                continue
            }
            let isLast = index == pieces.count - 1
            guard inner.version == 4, inner.fragmentOffset == next,
                inner.hasMoreFragments == (!isLast || before.hasMoreFragments), isLast || inner.payload.count % 8 == 0
            else { throw WireFault("fragments that do not fit together") }
            next += inner.payload.count
            payload += inner.payload
        }
        guard next <= 0xFFFF else { throw WireFault("fragments of more than a packet") }
        guard payload.count == before.payload.count else { throw WireFault("pieces with too much or too little") }
        // What is left out is what every segment has its own of, and what a SYN may announce.
        let header = before.transportProtocol == 6 && before.fragmentOffset == 0 ? 60 : 8
        guard payload.dropFirst(header) == Array(before.payload)[...].dropFirst(header) else {
            throw WireFault("pieces of something else")
        }
    }
}
