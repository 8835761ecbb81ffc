/// Looking without taking, for explanations.
extension SourcePorts {
    /// The source that ``take(from:now:)`` would give.
    func peek(from number: UInt32, now: FlowTime) -> FlowSource? {
        guard let group = group(number) else { return nil }
        if group.takenCount < group.count, let source = peekUnremembered(group) { return source }
        return resting.peekFirst(of: group, now: now, rest: rest)
    }

    private func peekUnremembered(_ group: SourceGroup) -> FlowSource? {
        var place = group.turn
        for _ in 0...group.pageCount {
            let source = group.source(at: place)
            let last = group.lastPort(ofPageOf: source)
            if let free = pages.peekFirst(from: source, through: last, of: group) { return free }
            place = group.place(after: place &+ UInt32(last &- source.port))
        }
        return nil
    }
}

extension PortPages {
    /// The source that ``takeFirst(from:through:of:)`` would take, if there is room for its page.
    func peekFirst(from source: FlowSource, through last: UInt16, of group: SourceGroup) -> FlowSource? {
        guard let page = page(of: source, group) else { return source }
        for port in source.port...max(last, source.port) {
            let bit = port & Self.portMask
            let word = pages.word64(at: page + Offset.bits + Int(bit) / 64 * 8)
            if word >> UInt64(bit & 63) & 1 == 0 { return FlowSource(address: source.address, port: port) }
        }
        return nil
    }
}
