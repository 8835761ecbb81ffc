/// A flow's phase, and what was seen of its TCP connection, in one byte.
struct FlowState: Hashable, Sendable, BitwiseCopyable {
    private enum Bit {
        static let phase: UInt8 = 0x07
        static let synAck: UInt8 = 0x08
        static let clientFin: UInt8 = 0x10
        static let backendFin: UInt8 = 0x20
        static let adopted: UInt8 = 0x40
    }

    private(set) var rawValue: UInt8

    @inline(__always)
    init(rawValue: UInt8) {
        self.rawValue = rawValue
    }

    /// A state in which nothing was seen yet.
    @inline(__always)
    init(_ phase: FlowPhase) {
        rawValue = phase.rawValue
    }

    static var free: FlowState { FlowState(.free) }
    /// A TCP flow that a SYN opened.
    static var opened: FlowState { FlowState(.handshake) }
    /// A UDP flow.
    static var datagrams: FlowState { FlowState(.datagrams) }

    /// Where the flow stands.
    @inline(__always)
    var phase: FlowPhase {
        get { FlowPhase(rawValue: rawValue & Bit.phase) ?? .free }
        set { rawValue = rawValue & ~Bit.phase | newValue.rawValue }
    }

    /// The protocol of a flow that is not free.
    @inline(__always)
    var transport: IPProtocol { phase == .datagrams ? .udp : .tcp }

    @inline(__always)
    var isFree: Bool { rawValue & Bit.phase == 0 }

    /// Whether the backend has answered the client's SYN.
    @inline(__always)
    var sawSynAck: Bool {
        get { rawValue & Bit.synAck != 0 }
        set { set(Bit.synAck, newValue) }
    }

    /// Whether the client has sent a FIN.
    @inline(__always)
    var sawClientFin: Bool {
        get { rawValue & Bit.clientFin != 0 }
        set { set(Bit.clientFin, newValue) }
    }

    /// Whether the backend has sent a FIN.
    @inline(__always)
    var sawBackendFin: Bool {
        get { rawValue & Bit.backendFin != 0 }
        set { set(Bit.backendFin, newValue) }
    }

    /// Whether the flow was opened by another segment than a SYN.
    @inline(__always)
    var isAdopted: Bool {
        get { rawValue & Bit.adopted != 0 }
        set { set(Bit.adopted, newValue) }
    }

    @inline(__always)
    private mutating func set(_ bit: UInt8, _ value: Bool) {
        rawValue = value ? rawValue | bit : rawValue & ~bit
    }
}
