import Testing

@testable import PacketForwarding

/// The rows of the table, each with all segments, states and conditions that it speaks of.
@Suite struct TCPTableTests {
    typealias Bits = TCPFlags

    /// SYN without ACK, RST and FIN.
    static let openings = [Bits.syn, [.syn, .ece, .cwr], [.syn, .psh]].map { TCPSegment($0, dataByteCount: 0) }
    /// RST before FIN.
    static let resets = [Bits.rst, [.rst, .ack], [.rst, .syn], [.rst, .fin, .ack]].map {
        TCPSegment($0, dataByteCount: 0)
    }
    static let fins = [Bits.fin, [.fin, .ack], [.fin, .syn], [.fin, .ack, .psh]].map {
        TCPSegment($0, dataByteCount: 5)
    }
    static let silent = [Bits(), .psh, .urg].map { TCPSegment($0, dataByteCount: 0) }
    static let data = [Bits(), .psh].map { TCPSegment($0, dataByteCount: 3) }
    static let acks = [Bits.ack, [.ack, .psh], [.syn, .ack]].map { TCPSegment($0, dataByteCount: 0) }
    static let others = silent + data + acks

    static func state(
        _ phase: FlowPhase, synAck: Bool = false, clientFin: Bool = false, backendFin: Bool = false
    ) -> FlowState {
        var state = FlowState(phase)
        state.sawSynAck = synAck
        state.sawClientFin = clientFin
        state.sawBackendFin = backendFin
        return state
    }

    static let handshakes = [state(.handshake), state(.handshake, synAck: true), state(.handshake, clientFin: true)]
    static let establisheds = [state(.established), state(.established, synAck: true, backendFin: true)]
    static let resetOnes = [
        state(.resetHandshake), state(.resetHandshake, synAck: true), state(.resetEstablished),
        state(.resetEstablished, synAck: true, backendFin: true),
    ]
    static let closings = [state(.closing, clientFin: true, backendFin: true), state(.closing, clientFin: true)]
    static let all = handshakes + establisheds + resetOnes + closings

    static let living = [BackendCondition.takes, .keeps]

    private func client(
        _ segment: TCPSegment, _ state: FlowState?, seesBoth: Bool, _ condition: BackendCondition = .takes
    ) -> TCPStep {
        TCPTable.client(segment, state: state, seesBoth: seesBoth, condition: condition)
    }

    @Test func anOpeningOfNoFlowBeginsOne() {
        for segment in Self.openings {
            for seesBoth in [true, false] { #expect(client(segment, nil, seesBoth: seesBoth) == .open) }
        }
    }

    @Test func withNATOthersOfNoFlowAreDropped() {
        for segment in Self.resets { #expect(client(segment, nil, seesBoth: true) == .dropUnknown(isAnswered: false)) }
        for segment in Self.fins + Self.others {
            #expect(client(segment, nil, seesBoth: true) == .dropUnknown(isAnswered: true))
        }
    }

    @Test func oneWayAResetOfNoFlowGoesByTheHashAndLeavesNone() {
        for segment in Self.resets { #expect(client(segment, nil, seesBoth: false) == .strayReset) }
    }

    @Test func oneWayOthersOfNoFlowAreAdopted() {
        var adopted = Self.state(.established)
        adopted.isAdopted = true
        for segment in Self.others { #expect(client(segment, nil, seesBoth: false) == .adopt(adopted)) }
        var closing = Self.state(.closing, clientFin: true)
        closing.isAdopted = true
        for segment in Self.fins { #expect(client(segment, nil, seesBoth: false) == .adopt(closing)) }
    }

    @Test(arguments: [true, false])
    func anOpeningOfAFlowThatIsNotClosingChangesNothing(seesBoth: Bool) {
        for state in Self.handshakes + Self.establisheds {
            for condition in Self.living {
                for segment in Self.openings {
                    #expect(client(segment, state, seesBoth: seesBoth, condition) == .forward(state))
                }
            }
        }
    }

    @Test(arguments: [true, false])
    func anOpeningOfAClosingFlowBeginsItAnewOrReplacesIt(seesBoth: Bool) {
        for state in Self.closings + Self.resetOnes {
            for segment in Self.openings {
                #expect(client(segment, state, seesBoth: seesBoth, .takes) == .beginAnew)
                #expect(client(segment, state, seesBoth: seesBoth, .keeps) == .replace)
            }
        }
    }

    @Test(arguments: [true, false])
    func ofADeadBackendOnlyAnOpeningGoesElsewhere(seesBoth: Bool) {
        for state in Self.all {
            for segment in Self.openings { #expect(client(segment, state, seesBoth: seesBoth, .down) == .replace) }
            for segment in Self.resets {
                #expect(client(segment, state, seesBoth: seesBoth, .down) == .dropDead(isAnswered: false))
            }
            for segment in Self.fins + Self.others {
                #expect(client(segment, state, seesBoth: seesBoth, .down) == .dropDead(isAnswered: true))
            }
        }
    }

    @Test func withNATAnAckBehindTheSynAckEstablishes() {
        for condition in Self.living {
            let (fresh, answered) = (Self.state(.handshake), Self.state(.handshake, synAck: true))
            for segment in Self.others { #expect(client(segment, fresh, seesBoth: true, condition) == .forward(fresh)) }
            for segment in Self.silent + Self.data {
                #expect(client(segment, answered, seesBoth: true, condition) == .forward(answered))
            }
            for segment in Self.acks {
                let established = Self.state(.established, synAck: true)
                #expect(client(segment, answered, seesBoth: true, condition) == .forward(established))
            }
        }
    }

    @Test func oneWayAnAckEstablishes() {
        for condition in Self.living {
            let fresh = Self.state(.handshake)
            for segment in Self.silent + Self.data {
                #expect(client(segment, fresh, seesBoth: false, condition) == .forward(fresh))
            }
            for segment in Self.acks {
                #expect(client(segment, fresh, seesBoth: false, condition) == .forward(Self.state(.established)))
            }
        }
    }

    @Test(arguments: [true, false])
    func othersOfAnEstablishedFlowChangeNothing(seesBoth: Bool) {
        for state in Self.establisheds {
            for condition in Self.living {
                for segment in Self.others {
                    #expect(client(segment, state, seesBoth: seesBoth, condition) == .forward(state))
                }
            }
        }
    }

    @Test func withNATFinsInBothDirectionsClose() {
        let plain = TCPSegment(.fin, dataByteCount: 0)
        let withAck = TCPSegment([.fin, .ack], dataByteCount: 0)
        for condition in Self.living {
            #expect(
                client(plain, Self.state(.established), seesBoth: true, condition)
                    == .forward(Self.state(.established, clientFin: true)))
            #expect(
                client(plain, Self.state(.established, backendFin: true), seesBoth: true, condition)
                    == .forward(Self.state(.closing, clientFin: true, backendFin: true)))
            #expect(
                client(plain, Self.state(.handshake, synAck: true), seesBoth: true, condition)
                    == .forward(Self.state(.handshake, synAck: true, clientFin: true)))
            // An ACK counts as without FIN.
            #expect(
                client(withAck, Self.state(.handshake, synAck: true), seesBoth: true, condition)
                    == .forward(Self.state(.established, synAck: true, clientFin: true)))
            #expect(
                client(withAck, Self.state(.handshake), seesBoth: true, condition)
                    == .forward(Self.state(.handshake, clientFin: true)))
        }
    }

    @Test func oneWayTheClientsFinCloses() {
        for state in Self.handshakes + Self.establisheds {
            for segment in Self.fins {
                guard case .forward(let next) = client(segment, state, seesBoth: false) else {
                    Issue.record("a FIN is forwarded")
                    continue
                }
                #expect(next.phase == .closing)
            }
        }
    }

    @Test(arguments: [true, false])
    func aResetClosesAndRemembersFromWhere(seesBoth: Bool) {
        for segment in Self.resets {
            for condition in Self.living {
                for state in Self.all {
                    var expected = state
                    if state.phase == .handshake { expected.phase = .resetHandshake }
                    if state.phase == .established { expected.phase = .resetEstablished }
                    #expect(client(segment, state, seesBoth: seesBoth, condition) == .forward(expected))
                }
            }
        }
    }

    @Test(arguments: [true, false])
    func dataOrAnAckUndoesAReset(seesBoth: Bool) {
        for segment in Self.data + Self.acks {
            for state in Self.resetOnes {
                var before = state
                before.phase = state.phase == .resetHandshake ? .handshake : .established
                // Back to the state before, and then as there.
                #expect(
                    client(segment, state, seesBoth: seesBoth) == client(segment, before, seesBoth: seesBoth))
            }
        }
    }

    @Test(arguments: [true, false])
    func neitherSilenceNorAFinUndoesAReset(seesBoth: Bool) {
        for state in Self.resetOnes {
            for segment in Self.silent { #expect(client(segment, state, seesBoth: seesBoth) == .forward(state)) }
            for segment in Self.fins {
                var expected = state
                expected.sawClientFin = true
                if !seesBoth || state.sawBackendFin { expected.phase = .closing }
                #expect(client(segment, state, seesBoth: seesBoth) == .forward(expected))
            }
        }
    }

    @Test(arguments: [true, false])
    func whatFinsHaveClosedStaysClosed(seesBoth: Bool) {
        for state in Self.closings {
            for segment in Self.fins + Self.others {
                #expect(client(segment, state, seesBoth: seesBoth) == .forward(state))
            }
        }
    }

    @Test func aBackendsSegmentOfNoFlowIsNotOurs() {
        for segment in Self.openings + Self.resets + Self.fins + Self.others {
            #expect(TCPTable.backend(segment, state: nil) == .pass)
        }
    }

    @Test func aSynAckLetsTheClientsAckEstablish() {
        let synAck = TCPSegment([.syn, .ack], dataByteCount: 0)
        #expect(
            TCPTable.backend(synAck, state: Self.state(.handshake)) == .forward(Self.state(.handshake, synAck: true)))
        // Behind a RST it is also an ACK.
        #expect(
            TCPTable.backend(synAck, state: Self.state(.resetHandshake))
                == .forward(Self.state(.handshake, synAck: true)))
        let ack = TCPSegment(.ack, dataByteCount: 0)
        #expect(TCPTable.backend(ack, state: Self.state(.handshake)) == .forward(Self.state(.handshake)))
    }

    @Test func aBackendsFinResetDataAndAckCountAsTheClients() {
        let fin = TCPSegment([.fin, .ack], dataByteCount: 0)
        #expect(
            TCPTable.backend(fin, state: Self.state(.established))
                == .forward(Self.state(.established, backendFin: true)))
        #expect(
            TCPTable.backend(fin, state: Self.state(.established, clientFin: true))
                == .forward(Self.state(.closing, clientFin: true, backendFin: true)))
        #expect(
            TCPTable.backend(fin, state: Self.state(.resetEstablished, clientFin: true))
                == .forward(Self.state(.closing, clientFin: true, backendFin: true)))
        for segment in Self.resets {
            #expect(
                TCPTable.backend(segment, state: Self.state(.established)) == .forward(Self.state(.resetEstablished)))
            #expect(TCPTable.backend(segment, state: Self.state(.handshake)) == .forward(Self.state(.resetHandshake)))
        }
        for segment in Self.data + Self.acks {
            #expect(
                TCPTable.backend(segment, state: Self.state(.resetEstablished)) == .forward(Self.state(.established)))
        }
        for segment in Self.openings + Self.silent {
            for state in Self.all { #expect(TCPTable.backend(segment, state: state) == .forward(state)) }
        }
    }
}
