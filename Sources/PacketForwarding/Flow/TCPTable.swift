/// The table of TCP segments: what happens to a segment of a flow in a state, and which state follows.
///
/// Where both directions are seen (NAT), FINs in both end a flow, and a handshake ends with the client's ACK of the
/// backend's SYN-ACK; where only the client is seen, its own FIN and its first ACK count. A RST alone ends nothing for
/// good, since anybody can make one up: data or an ACK behind it takes the flow back to where it was.
enum TCPTable {
    /// What happens to a client's segment.
    ///
    /// - Parameters:
    ///   - segment: What it says.
    ///   - state: The state of its flow; `nil` if there is none.
    ///   - seesBoth: Whether the backend's segments are seen too.
    ///   - condition: What the flow's backend does; without meaning if there is no flow.
    /// - Returns: the row of the table that holds.
    @inline(__always)
    static func client(
        _ segment: TCPSegment, state: FlowState?, seesBoth: Bool, condition: BackendCondition
    ) -> TCPStep {
        guard let state else { return unknown(segment, seesBoth: seesBoth) }
        if segment.kind == .other, state.phase == .established, condition != .down { return .forward(state) }
        return client(segment, of: state, seesBoth: seesBoth, condition: condition)
    }

    /// What happens to a backend's segment, which is seen with NAT only.
    ///
    /// - Parameters:
    ///   - segment: What it says.
    ///   - state: The state of its flow; `nil` if there is none.
    /// - Returns: the row of the table that holds.
    @inline(__always)
    static func backend(_ segment: TCPSegment, state: FlowState?) -> TCPStep {
        guard var state else { return .pass }
        if segment.kind == .other, state.phase == .established { return .forward(state) }
        switch segment.kind {
        case .opening: break
        case .reset: state.reset()
        case .fin, .other: state.advance(by: segment, fromClient: false, seesBoth: true)
        }
        return .forward(state)
    }

    private static func unknown(_ segment: TCPSegment, seesBoth: Bool) -> TCPStep {
        if segment.kind == .opening { return .open }
        if seesBoth { return .dropUnknown(isAnswered: segment.kind != .reset) }
        if segment.kind == .reset { return .strayReset }
        var state = FlowState(segment.kind == .fin ? .closing : .established)
        state.isAdopted = true
        state.sawClientFin = segment.kind == .fin
        return .adopt(state)
    }

    private static func client(
        _ segment: TCPSegment, of state: FlowState, seesBoth: Bool, condition: BackendCondition
    ) -> TCPStep {
        if condition == .down {
            return segment.kind == .opening ? .replace : .dropDead(isAnswered: segment.kind != .reset)
        }
        var state = state
        switch segment.kind {
        case .opening:
            if state.phase.kind == .closing { return condition == .takes ? .beginAnew : .replace }
        case .reset:
            state.reset()
        case .fin, .other:
            state.advance(by: segment, fromClient: true, seesBoth: seesBoth)
        }
        return .forward(state)
    }
}

extension FlowState {
    /// What a RST does.
    mutating func reset() {
        switch phase {
        case .handshake: phase = .resetHandshake
        case .established: phase = .resetEstablished
        case .free, .closing, .resetHandshake, .resetEstablished, .datagrams: break
        }
    }

    /// What a segment does that is neither opening nor a RST.
    ///
    /// - Parameters:
    ///   - segment: What it says.
    ///   - fromClient: Who sent it.
    ///   - seesBoth: Whether the segments of both are seen.
    mutating func advance(by segment: TCPSegment, fromClient: Bool, seesBoth: Bool) {
        guard phase != .closing else { return }
        if segment.kind == .other, segment.speaks {
            if phase == .resetHandshake { phase = .handshake }
            if phase == .resetEstablished { phase = .established }
        }
        if phase == .handshake {
            if !fromClient {
                if segment.answersOpening { sawSynAck = true }
            } else if segment.acknowledges, sawSynAck || !seesBoth {
                phase = .established
            }
        }
        guard segment.kind == .fin else { return }
        if fromClient { sawClientFin = true } else { sawBackendFin = true }
        if !seesBoth || sawClientFin && sawBackendFin { phase = .closing }
    }
}
