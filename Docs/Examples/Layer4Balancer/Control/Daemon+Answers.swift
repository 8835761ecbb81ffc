import Foundation
import PacketForwarding

/// What the daemon answers to those who may ask.
extension Daemon {
    func answer(_ request: ControlRequest) async -> ControlReply {
        do throws(OrderError) {
            return try await carryOut(request)
        } catch {
            return ControlReply(error: error.description)
        }
    }

    private func carryOut(_ request: ControlRequest) async throws(OrderError) -> ControlReply {
        switch request.command {
        case .list: return try said(BackendLine.all(of: self), as: request) { Table.text($0) }
        case .flows: return try said(FlowLine.all(of: forwarder.snapshot), as: request) { Table.text($0) }
        case .stats: return ControlReply(text: metrics)
        case .up, .down: return try order(request, request.command == .up ? .up : .down)
        case .drain: return try await drain(request)
        case .weight:
            guard let weight = request.weight, 0...1 << 24 ~= weight else {
                throw OrderError("a weight is a number from 0 to \(1 << 24)")
            }
            return try change(request) { $0.weight = weight }
        case .explain: return try explain(request)
        case .capture: return try capture(request)
        case .reload:
            do {
                try reload()
            } catch {
                throw OrderError("\(path): \(error)")
            }
            return ControlReply(text: "reloaded")
        case .stop:
            end(request.waits == true ? .drained : .atOnce)
            return ControlReply(text: request.waits == true ? "drains and ends" : "ends")
        }
    }

    private func said<Line: Encodable>(
        _ lines: [Line], as request: ControlRequest, _ text: ([Line]) -> String
    ) throws(OrderError) -> ControlReply {
        guard request.isJSON == true else { return ControlReply(text: text(lines)) }
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
        guard let data = try? encoder.encode(lines) else { throw OrderError("there is nothing to say") }
        return ControlReply(text: String(decoding: data, as: UTF8.self))
    }

    private func order(_ request: ControlRequest, _ state: BackendState) throws(OrderError) -> ControlReply {
        try change(request) { $0.state = state }
    }

    /// Changes what holds for a backend, or for all of a service.
    private func change(
        _ request: ControlRequest, _ change: (inout BackendOrder) -> Void
    ) throws(OrderError) -> ControlReply {
        let (service, backends) = try named(request)
        for backend in backends { change(&orders[service, default: [:]][backend, default: BackendOrder()]) }
        refresh()
        return ControlReply(text: "\(service): \(backends.joined(separator: ", "))")
    }

    /// The service and its backends that a request names.
    private func named(_ request: ControlRequest) throws(OrderError) -> (service: String, backends: [String]) {
        guard let service = forwarding.services.first(where: { $0.name == request.service }) else {
            let names = forwarding.services.map(\.name).joined(separator: ", ")
            throw OrderError("there is no service \"\(request.service ?? "")\"; there are: \(names)")
        }
        guard let name = request.backend else { return (service.name, service.backends.map(\.name)) }
        guard service.backends.contains(where: { $0.name == name }) else {
            let names = service.backends.map(\.name).joined(separator: ", ")
            throw OrderError("service \"\(service.name)\" has no backend \"\(name)\"; it has: \(names)")
        }
        return (service.name, [name])
    }

    /// Gives no new flows to a backend, and waits for those that it has, if that is wanted.
    private func drain(_ request: ControlRequest) async throws(OrderError) -> ControlReply {
        let (service, backends) = try named(request)
        var reply = try order(request, .draining)
        guard request.waits == true else { return reply }
        guard waiters < Self.mostWaiters else {
            throw OrderError("drains, but \(waiters) others wait already; `list` shows the flows that are left")
        }
        waiters += 1
        defer { waiters -= 1 }
        let deadline = ContinuousClock.now.advanced(by: .seconds(min(max(request.deadline ?? 86_400, 0), 86_400)))
        while case let flows = openFlows(of: backends, in: service), flows > 0 {
            guard ContinuousClock.now < deadline else { throw OrderError("\(flows) flows are left") }
            do {
                try await Task.sleep(for: .milliseconds(100))
            } catch {
                throw OrderError("nobody waits any more, and \(flows) flows are left")
            }
        }
        reply.text += " drained"
        return reply
    }

    /// Those who wait must not keep everybody else from asking.
    private static let mostWaiters = Listener.most * 3 / 4

    /// The flows that backends have; those of one that is not in the file any more are counted until the last has ended.
    private func openFlows(of backends: [String], in service: String) -> Int {
        forwarder.snapshot.services.filter { $0.name == service }.flatMap(\.backends)
            .filter { backends.contains($0.name) }.map(\.flows.open).reduce(0, +)
    }

    private func explain(_ request: ControlRequest) throws(OrderError) -> ControlReply {
        guard let from = request.from.flatMap({ Endpoint($0) }), let to = request.to.flatMap({ Endpoint($0) }) else {
            throw OrderError("say from where and to where, such as 192.0.2.7:40000 203.0.113.1:80")
        }
        guard from.address.version == to.address.version else {
            throw OrderError("\(from) and \(to) are of different IP versions")
        }
        guard let interface = forwarding.interfaces.first else { throw OrderError("there is no interface") }
        let isTCP = request.transport != "udp"
        let segment = ProbeSegment(from: from, to: to, sequence: 1, flags: isTCP ? .syn : nil)
        let type: [UInt8] = from.address.version == .v4 ? [0x08, 0x00] : [0x86, 0xDD]
        let station = stride(from: 40, through: 0, by: -8).map { UInt8(truncatingIfNeeded: interface.mac.bits >> $0) }
        // From a station that nobody has: what is asked is where the packet goes.
        let frame = station + [0x02, 0, 0, 0, 0, 1] + type + segment.packet
        guard let explanation = forwarder.explain(frame, interface: 0) else {
            throw OrderError("nothing is forwarded: an interface is gone")
        }
        return try said([explanation], as: request) { lines in lines.map(\.description).joined() }
    }

    private func capture(_ request: ControlRequest) throws(OrderError) -> ControlReply {
        let reason = request.reason.flatMap(DropReason.init)
        if let name = request.reason, reason == nil {
            let names = DropReason.allCases.map(\.rawValue).joined(separator: ", ")
            throw OrderError("there is no reason \"\(name)\"; there are: \(names)")
        }
        let packets = forwarder.capture.packets(of: reason)
        let file = CaptureFile.bytes(
            of: packets, interfaces: settings.interfaces, snapLength: settings.capture.bytes)
        return ControlReply(text: "\(packets.count) packets", data: Data(file))
    }
}

/// Why an order was not carried out.
struct OrderError: Error, Hashable, CustomStringConvertible {
    let description: String

    init(_ description: String) {
        self.description = description
    }
}
