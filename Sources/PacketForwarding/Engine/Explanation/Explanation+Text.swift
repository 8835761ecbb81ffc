/// The explanation in words, a line for each finding.
extension Explanation: CustomStringConvertible {
    /// What the frame is, whose it is, where it goes and why, and what is changed.
    public var description: String {
        var lines = [subject.text]
        if let service { lines.append("service: \(service)" + (client.map { ", client \($0)" } ?? "")) }
        if let hash {
            let digits = String(hash, radix: 16)
            lines.append(
                "hash: 0x" + String(repeating: "0", count: 16 - digits.count) + digits
                    + (row.map { ", row \($0) of the table" } ?? ""))
        }
        if let flow {
            lines.append(
                "flow: \(flow.standing.rawValue)\(flow.isAdopted ? ", adopted" : ""), backend \(flow.backend) "
                    + "(\(flow.backendState.rawValue)), ends in \(flow.secondsLeft) s")
        } else if subject == .client {
            lines.append("flow: none")
        }
        if let backend {
            lines.append("backend: \(backend)" + (choice.map { ", by \($0.text)" } ?? ""))
        } else if let choice {
            lines.append("backend: none, by \(choice.text)")
        }
        if let limit {
            lines.append("limit: \(limit.text), reached" + (beginsFlow ? "; a half-open one gives way" : ""))
        }
        if beginsFlow { lines.append("a flow begins") }
        lines += edits.map(\.text)
        return (lines + ["verdict: " + verdict.text]).joined(separator: "\n")
    }
}

extension Explanation.Subject {
    fileprivate var text: String {
        switch self {
        case .unreadable: "a frame whose headers are cut short or contradict one another"
        case .otherStation: "a frame to another station"
        case .otherProtocol: "a frame that is neither IP nor ARP"
        case .resolution: "a question for the station address of an IP address"
        case .otherPort: "a packet to a service's address, but to no service"
        case .client: "a client's packet"
        case .laterFragment: "a later fragment"
        case .echoRequest: "an echo request to a service's address"
        case .errorAboutAnswer: "an ICMP error about an answer to a client"
        case .errorAboutRequest: "an ICMP error about a packet to a backend"
        case .answer: "a backend's packet"
        case .notServed: "a packet to an address that no service has, of no flow"
        }
    }
}

extension Explanation.Choice {
    fileprivate var text: String {
        switch self {
        case .flow: "the flow"
        case .fragment: "the first fragment"
        case .connectionID: "the connection ID"
        case .persistence: "the client's last flow"
        case .scheduler: "the scheduler"
        case .hash: "the hash"
        }
    }
}

extension FlowLimit {
    fileprivate var text: String {
        switch self {
        case .flows: "flows of all services"
        case .halfOpen: "half-open flows of all services"
        case .adopted: "adopted flows of all services"
        case .serviceFlows: "flows of the service"
        case .serviceHalfOpen: "half-open flows of the service"
        case .serviceAdopted: "adopted flows of the service"
        }
    }
}

extension Explanation.Edit {
    fileprivate var text: String {
        switch self {
        case .source(let old, let new): "source: \(old) becomes \(new)"
        case .destination(let old, let new): "destination: \(old) becomes \(new)"
        case .hopLimit(let old, let new): "hop limit: \(old) becomes \(new)"
        case .maximumSegmentSize(let size): "maximum segment size: becomes \(size)"
        case .quotedSource(let old, let new): "quoted source: \(old) becomes \(new)"
        case .quotedDestination(let old, let new): "quoted destination: \(old) becomes \(new)"
        case .fragments(let limit): "cut into fragments of at most \(limit) bytes"
        case .segments: "cut into segments"
        case .encapsulation(let mode, let source, let destination):
            "outer header: \(mode.rawValue), \(source) to \(destination)"
        case .answer(let answer): "answered: \(answer.text)"
        case .link(let interface, let destination): "sent: on interface \(interface) to station \(destination)"
        case .tagRemoved: "the tag goes"
        }
    }
}

extension Explanation.Answer {
    fileprivate var text: String {
        switch self {
        case .stationAddress: "our station address"
        case .echoReply: "echo reply"
        case .timeExceeded: "time exceeded"
        case .tooBig(let mtu): "too big, the MTU is \(mtu)"
        case .reset: "RST"
        }
    }
}

extension Verdict {
    fileprivate var text: String {
        switch self {
        case .send: "send"
        case .sendPieces: "send in pieces"
        case .answer(let reason): "drop, \(reason.rawValue), with an answer"
        case .drop(let reason): "drop, \(reason.rawValue)"
        case .pass: "pass to the host"
        }
    }
}
