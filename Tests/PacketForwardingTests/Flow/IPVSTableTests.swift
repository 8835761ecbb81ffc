import Testing

@testable import PacketForwarding

/// The engine's table of TCP states beside that of IPVS (Linux, net/netfilter/ipvs/ip_vs_proto_tcp.c).
///
/// In a script capital letters are the client's segments and small ones the backend's: S for SYN (s with ACK), A for ACK, F for
/// FIN with ACK, R for RST.
struct IPVSTableTests {
    /// The states of IPVS, in its order.
    enum State: Int {
        case none, established, synSent, synReceived, finWait, timeWait, close, closeWait, lastAck, listen, synAck

        /// What flows in the state count as here.
        var kind: FlowKind? {
            switch self {
            case .none: nil
            case .established: .established
            case .synSent, .synReceived, .listen, .synAck: .halfOpen
            case .finWait, .timeWait, .close, .closeWait, .lastAck: .closing
            }
        }
    }

    /// From each state, for SYN, FIN, ACK and RST.
    private static let input = table(
        "SR ES ES SR SR SR SR SR SR SR SR", "CL CW SS TW TW TW CL CW LA LI TW",
        "CL ES SS ES FW TW CL CW CL LI ES", "CL CL CL SR CL CL CL CL LA LI SR")
    private static let output = table(
        "SS ES SS SR SS SS SS SS SS LI SR", "TW FW SS TW FW TW CL TW LA LI TW",
        "ES ES SS ES FW TW CL CW LA ES ES", "CL CL SS CL CL TW CL CL CL CL CL")
    private static let inputOnly = table(
        "SR ES ES SR SR SR SR SR SR SR SR", "CL FW SS TW FW TW CL CW LA LI TW",
        "CL ES SS ES FW TW CL CW CL LI ES", "CL CL CL SR CL CL CL CL LA LI CL")

    private static func table(_ rows: String...) -> [[State]] {
        let names: [Substring: State] = [
            "NO": .none, "ES": .established, "SS": .synSent, "SR": .synReceived, "FW": .finWait, "TW": .timeWait,
            "CL": .close, "CW": .closeWait, "LA": .lastAck, "LI": .listen, "SA": .synAck,
        ]
        return rows.map { $0.split(separator: " ").compactMap { names[$0] } }
    }

    /// What IPVS makes of a script.
    private func theirs(_ script: String, seesBoth: Bool) -> FlowKind? {
        var state = State.none
        for letter in script {
            let table = letter.isLowercase ? Self.output : seesBoth ? Self.input : Self.inputOnly
            let row = ["s": 0, "f": 1, "a": 2, "r": 3][letter.lowercased()] ?? 2
            state = table[row][state.rawValue]
        }
        return state.kind
    }

    /// What the engine makes of a script.
    private func ours(_ script: String, seesBoth: Bool) -> FlowKind? {
        var state: FlowState?
        for letter in script {
            let flags: [Character: TCPFlags] = [
                "S": .syn, "s": [.syn, .ack], "A": .ack, "a": .ack, "F": [.fin, .ack], "f": [.fin, .ack], "R": .rst,
                "r": .rst,
            ]
            let segment = TCPSegment(flags[letter] ?? [], dataByteCount: 0)
            let step =
                letter.isLowercase
                ? TCPTable.backend(segment, state: state)
                : TCPTable.client(segment, state: state, seesBoth: seesBoth, condition: .takes)
            switch step {
            case .open, .replace, .beginAnew: state = .opened
            case .adopt(let next), .forward(let next): state = next
            case .strayReset, .dropUnknown, .dropDead, .pass: break
            }
        }
        return state?.phase.kind
    }

    @Test(arguments: [
        "S", "Ss", "SsA", "SS", "SsAA", "SsAaAa", "SsAS", "SsAs", "SsAR", "SsAr", "SsAFf", "SsAfF", "SsAFfA", "SsAFfS",
        "SsARS", "SsAFfSsA", "SsAFfR",
    ])
    func withNATBothAgree(script: String) {
        #expect(ours(script, seesBoth: true) == theirs(script, seesBoth: true))
    }

    @Test(arguments: ["S", "SA", "SS", "SAA", "SAS", "SAR", "SAF", "SAFA", "SAFS", "SARS", "SAFSA"])
    func withoutTheBackendBothAgree(script: String) {
        #expect(ours(script, seesBoth: false) == theirs(script, seesBoth: false))
    }

    /// Where they differ, and why.
    @Test(
        arguments: [
            // A connection that is closed by one side alone may go on for long.
            ("SsAF", true, .established, .closing), ("SsAf", true, .established, .closing),
            // Without the backend's SYN-ACK nothing is established.
            ("SA", true, .halfOpen, .established),
            // Anybody can make up a RST; who speaks after it was not reset.
            ("SsARA", true, .established, .closing), ("SARA", false, .established, .closing),
            // A RST ends a half-open flow, too.
            ("SR", true, .closing, .halfOpen), ("SR", false, .closing, .halfOpen),
            // Who comes in the middle of a connection has one.
            ("A", false, .established, .closing), ("A", true, nil, .closing),
        ] as [(String, Bool, FlowKind?, FlowKind?)])
    func theyDifferOnPurpose(script: String, seesBoth: Bool, ours: FlowKind?, theirs: FlowKind?) {
        #expect(self.ours(script, seesBoth: seesBoth) == ours)
        #expect(self.theirs(script, seesBoth: seesBoth) == theirs)
    }

    /// Timeouts that are not said are IPVS's.
    @Test func timeoutsAreTheSame() {
        let timeouts = TimeoutConfiguration()
        #expect(
            (timeouts.tcpHandshake, timeouts.tcpEstablished, timeouts.tcpClosing, timeouts.udp) == (60, 900, 120, 300))
    }
}
