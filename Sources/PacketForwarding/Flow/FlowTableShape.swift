/// How large a flow table is; what it takes follows from this and never changes.
struct FlowTableShape: Hashable, Sendable {
    /// The most flows at a time: 1 to 2³⁰.
    let flows: Int
    /// The most services.
    let services: Int
    /// The most backends, counted once for each service that they serve.
    let backends: Int
    /// Full NAT's sources; `nil` where no service is of that mode.
    let sources: SourcePortShape?

    init(flows: Int, services: Int, backends: Int, sources: SourcePortShape? = nil) {
        precondition((1...1 << 30).contains(flows), "a flow table holds 1 to 2³⁰ flows")
        precondition((1...1 << 16).contains(services), "a flow table knows 1 to 65,536 services")
        precondition((1...1 << 24).contains(backends), "a flow table knows 1 to 2²⁴ backends")
        self.flows = flows
        self.services = services
        self.backends = backends
        self.sources = sources
    }

    /// Bytes of memory that a table of this shape takes: all of them, it allocates nothing.
    var byteCount: Int { Parts(self).byteCount }

    /// Where the parts lie.
    struct Parts {
        let header, services, backends, heads, occupied, index, translated, sources, entries: Int
        let byteCount: Int

        init(_ shape: FlowTableShape) {
            var layout = TableLayout()
            header = layout.place(byteCount: FlowTableHeader.byteCount)
            services = layout.place(byteCount: shape.services * FlowServices.byteCount)
            backends = layout.place(byteCount: shape.backends * FlowBackends.byteCount)
            heads = layout.place(byteCount: shape.listCount * FlowLists.headByteCount)
            occupied = layout.place(byteCount: TimingWheel.byteCount)
            index = layout.place(byteCount: ChunkedIndex.byteCount(for: shape.flows))
            let hasSources = shape.sources != nil
            translated = layout.place(byteCount: hasSources ? ChunkedIndex.byteCount(for: shape.flows) : 0)
            sources = layout.place(byteCount: shape.sources?.byteCount ?? 0)
            entries = layout.place(byteCount: shape.flows * FlowEntries.Offset.end)
            byteCount = layout.byteCount
        }
    }
}

/// The lists of a table: the wheel's slots, the half-open flows, those of each service, the flows of each backend.
extension FlowTableShape {
    static let halfOpenList = TimingWheel.listCount

    var listCount: Int { Self.halfOpenList + 1 + services + backends }

    @inline(__always)
    func halfOpenList(of service: UInt16) -> Int { Self.halfOpenList &+ 1 &+ Int(service) }

    @inline(__always)
    func list(of backend: UInt32) -> Int {
        Self.halfOpenList &+ 1 &+ services &+ Int(truncatingIfNeeded: backend)
    }
}
