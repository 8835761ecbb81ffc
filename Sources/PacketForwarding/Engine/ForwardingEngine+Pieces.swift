/// Packets that leave as several.
extension ForwardingEngine {
    /// Cuts a packet into fragments and sends each in the tunnel.
    func sendFragments(
        _ frame: inout Frame, _ packet: Packet, _ tunnel: Tunnel, _ hop: NextHop, limit: Int, digest: UInt64,
        _ pieces: inout FrameBatch, _ pool: inout FramePool
    ) -> Verdict {
        frame.completeChecksum()
        guard var fragmenter = IPv4Fragmenter(packet, limit: limit) else { return .drop(.tooBig) }
        return sendPieces(tunnel, hop, digest: digest, &pieces, &pool) { piece in
            fragmenter.next(of: frame, into: &piece)
        }
    }

    /// Cuts a large frame into segments and sends each in the tunnel: no interface can behind an outer header.
    func sendSegments(
        _ frame: inout Frame, _ packet: Packet, _ tunnel: Tunnel, _ hop: NextHop, digest: UInt64,
        _ pieces: inout FrameBatch, _ pool: inout FramePool
    ) -> Verdict {
        guard var segmenter = Segmenter(frame, packet) else { return .drop(.malformed) }
        return sendPieces(tunnel, hop, digest: digest, &pieces, &pool) { piece in
            segmenter.next(of: frame, into: &piece)
        }
    }

    private func sendPieces(
        _ tunnel: Tunnel, _ hop: NextHop, digest: UInt64, _ pieces: inout FrameBatch, _ pool: inout FramePool,
        next: (inout Frame) -> Bool
    ) -> Verdict {
        while true {
            guard !pieces.isFull, var piece = pool.take() else { return .drop(.noMemory) }
            guard next(&piece) else {
                pool.put(piece)
                return .sendPieces
            }
            let tag = piece.metadata.tag
            guard
                let header = piece.withBytes({ EthernetHeader($0, tag: tag) }),
                let packet = piece.withBytes({ Packet($0, behind: header) }),
                piece.encapsulate(packet, in: tunnel, flowHash: digest)
            else {
                pool.put(piece)
                return .drop(.noMemory)
            }
            link(&piece, to: hop)
            pieces.append(piece)
        }
    }
}
