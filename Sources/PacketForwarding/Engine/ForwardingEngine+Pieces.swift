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
        let count = pieces.count
        while true {
            guard !pieces.isFull, var piece = pool.take() else { return takeBack(&pieces, to: count, &pool) }
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
                return takeBack(&pieces, to: count, &pool)
            }
            link(&piece, to: hop)
            pieces.append(piece)
        }
    }

    /// Drops a packet of which not all pieces have room: a part of it is of no use to anybody.
    private func takeBack(_ pieces: inout FrameBatch, to count: Int, _ pool: inout FramePool) -> Verdict {
        while pieces.count > count, let piece = pieces.popLast() { pool.put(piece) }
        return .drop(.noMemory)
    }
}
