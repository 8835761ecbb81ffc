import LoadBalancing
import Synchronization

/// Which worker gets a frame: always the one that has the flow, so that workers share nothing.
///
/// The client's address decides: the source of what is sent to a service, else the destination. Both directions of a flow and all
/// fragments have it, and an ICMP error quotes a packet that has it. Full NAT's answers are sent to an address of ours: each
/// worker has its own, so there must be as many as workers.
///
/// Whoever spreads frames has a value of its own, and calls ``refresh()`` at times.
public struct WorkerSpread: Sendable {
    private let control: ForwardingControl
    private var plan: ForwardingPlan
    /// How many workers there are.
    public let workers: Int

    /// Spreads frames over `workers` workers, of which there is at least one.
    public init(_ control: ForwardingControl, workers: Int) {
        precondition((1...65_536).contains(workers), "there are 1 to 65,536 workers")
        self.control = control
        self.workers = workers
        plan = control.plan
    }

    /// Takes notice of what control has published since the last time.
    public mutating func refresh() {
        if control.version.load(ordering: .acquiring) != plan.version { plan = control.plan }
    }

    /// The worker that a frame is for.
    ///
    /// - Parameter frame: a frame as it came in.
    /// - Returns: the number of the worker; `nil` for what each of them is to see: messages about the path to a tunnel's end. All
    ///   of them pass such a frame, so it goes to the host once.
    /// - Complexity: O(1), no allocation.
    public func worker(for frame: borrowing Frame) -> Int? {
        let metadata = frame.metadata
        let packet = frame.withBytes { bytes in
            EthernetHeader(bytes, tag: metadata.tag).flatMap { Packet(bytes, behind: $0, checksum: metadata.checksum) }
        }
        // What is no packet belongs to no flow.
        guard let packet else { return 0 }
        if packet.carriesICMP, packet.part == .whole, !packet.isMalformed,
            let quoted = frame.withBytes({ packet.quotedPacket($0) })
        {
            return worker(forErrorAbout: quoted, to: packet.destination)
        }
        return worker(from: packet.source, to: packet.destination)
    }

    private func worker(from source: IPAddress, to destination: IPAddress) -> Int {
        if plan.isServed(destination) { return worker(of: source) }
        return plan.owner(ofSource: destination, workers: workers) ?? worker(of: destination)
    }

    /// An error is about a packet that went the other way.
    private func worker(forErrorAbout quoted: QuotedPacket, to receiver: IPAddress) -> Int? {
        if quoted.source.address == receiver, plan.isTunnelDestination(quoted.destination.address),
            receiver == plan.tunnelSource.address(of: receiver.version)
        {
            return nil
        }
        return worker(from: quoted.destination.address, to: quoted.source.address)
    }

    private func worker(of client: IPAddress) -> Int {
        ClientShare.worker(of: client, seed: plan.fleetSeed, workers: workers)
    }
}
