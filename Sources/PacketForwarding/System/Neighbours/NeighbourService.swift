#if os(Linux)
    import CPacketSocket
    import Glibc
    public import LoadBalancing
    import Synchronization

    /// Finds the stations that a forwarder sends to, and tells them whose addresses are here.
    ///
    /// It has sockets of its own, so that no question is in a packet's way, and one owner at a time. What it learns, it
    /// tells the forwarder's control.
    public final class NeighbourService {
        private let control: ForwardingControl
        private let ports: [Port]
        private var cache = NeighbourCache()
        /// The configuration that was in force when it was last looked at, and the version of it.
        private var configuration: ForwardingConfiguration
        private var seenVersion: UInt64 = 0
        /// What stations were told, or need not be told again.
        private var claims: Set<AddressClaim>
        private var pool = FramePool(frameCount: 1, byteCount: 2_048, headroom: 16)
        private let time: TimeSource

        /// An interface's socket, in an object because arrays hold nothing that cannot be copied.
        private final class Port {
            let socket: PacketSocket
            /// The groups that the interface takes questions for, as long as the socket is open.
            private var groups: QuestionGroups?

            init(_ name: String) throws(PacketSocketError) {
                let socket = try PacketSocket(on: name)
                try socket.set(PACKET_IGNORE_OUTGOING, to: CInt(1))
                try socket.setFilter(.neighbourMessages)
                try socket.bind(receives: true)
                self.socket = socket
            }

            /// Has the interface take questions for these groups from now on, and for no others.
            func listen(to groups: QuestionGroups) {
                let before = self.groups
                guard before != groups else { return }
                for station in groups.stations.subtracting(before?.stations ?? []) {
                    _ = socket.setMembership(in: station, isMember: true)
                }
                if groups.isAll != before?.isAll ?? false {
                    _ = socket.setMembership(in: nil, isMember: groups.isAll)
                }
                for station in (before?.stations ?? []).subtracting(groups.stations) {
                    _ = socket.setMembership(in: station, isMember: false)
                }
                self.groups = groups
            }
        }

        /// Opens a socket for each interface of the configuration in force.
        ///
        /// - Throws: ``PacketSocketError``, which says what is missing.
        public init(_ control: ForwardingControl, time: TimeSource = .system) throws(PacketSocketError) {
            self.control = control
            self.time = time
            var ports: [Port] = []
            configuration = control.configuration
            claims = configuration.claims
            for interface in configuration.interfaces { ports.append(try Port(interface.name)) }
            self.ports = ports
        }

        /// Tells all stations of the links that the services' addresses are here, where services announce them.
        ///
        /// To be called when a balancer takes over from another (RFC 5227 §2.3, RFC 4861 §7.2.6). Addresses that are announced
        /// later, and those of an interface whose station address changes, are told by ``step()``. Nothing is ever taken back:
        /// neither protocol has a word for it. An address that is no longer announced is not answered for any more, and its
        /// next owner says so itself.
        public func announce() {
            for claim in control.configuration.claims { tell(claim) }
        }

        /// Asks what is to be asked, hears what was said, and tells the control.
        public func step() {
            let now = time.now()
            let version = control.version.load(ordering: .acquiring)
            if version != seenVersion {
                seenVersion = version
                configuration = control.configuration
                cache.need(configuration.neededNeighbours, at: now)
                for (position, port) in ports.enumerated() where position < configuration.interfaces.count {
                    port.listen(to: QuestionGroups(configuration, interface: position))
                }
                let before = claims
                claims = configuration.claims
                for claim in claims.subtracting(before) { tell(claim) }
            }
            for address in control.takeWantedNeighbours() {
                guard let position = configuration.interface(onLinkOf: address) else { continue }
                cache.want(NeighbourCache.Address(address: address, interface: position), at: now)
            }
            for question in cache.takeQuestions(at: now) { ask(question) }
            var hasNews = false
            for (position, port) in ports.enumerated() {
                while let message = hear(port) {
                    let address = NeighbourCache.Address(address: message.address, interface: position)
                    if cache.note(address, is: message.mac, at: now) { hasNews = true }
                }
            }
            if hasNews { tell() }
        }

        /// Serves until `isStopped` says so, which is asked at least every 100 ms.
        ///
        /// - Throws: ``PacketSocketError`` if a link is gone.
        public func run(until isStopped: () -> Bool) throws(PacketSocketError) {
            while !isStopped() {
                step()
                try Descriptor.awaitReadable(ports.map { $0.socket.descriptor.number }, for: 100, on: "neighbours")
            }
        }

        private func tell() {
            control.learn(
                cache.stations.compactMap { station in
                    guard station.address.interface < configuration.interfaces.count else { return nil }
                    return NeighbourConfiguration(
                        address: station.address.address, mac: station.mac,
                        interface: configuration.interfaces[station.address.interface].name)
                })
        }

        private func tell(_ claim: AddressClaim) {
            send(on: claim.interface) { frame in
                claim.address.version == .v4
                    ? frame.becomeARPAnnouncement(of: claim.address, from: claim.station)
                    : frame.becomeAnnouncement(of: claim.address, from: claim.station)
            }
        }

        private func ask(_ question: NeighbourCache.Question) {
            let interface = configuration.interfaces[question.address.interface]
            let address = question.address.address
            guard let own = interface.addresses.first(where: { $0.address.version == address.version })?.address
            else { return }
            send(on: question.address.interface) { frame in
                address.version == .v4
                    ? frame.becomeARPRequest(for: address, to: question.station, from: (interface.mac, own))
                    : frame.becomeSolicitation(for: address, to: question.station, from: (interface.mac, own))
            }
        }

        private func send(on position: Int, _ make: (inout Frame) -> Bool) {
            guard position < ports.count, var frame = pool.take() else { return }
            if make(&frame), let memory = unsafe frame.memory(withFront: 0) {
                // What is lost is asked again.
                _ = unsafe Glibc.send(
                    ports[position].socket.descriptor.number, memory.baseAddress, memory.count, CInt(MSG_DONTWAIT))
            }
            pool.put(frame)
        }

        private func read(_ bytes: RawSpan) -> NeighbourMessage? {
            guard var frame = pool.take() else { return nil }
            let message = frame.replaceBytes(with: bytes) ? NeighbourMessage(frame) : nil
            pool.put(frame)
            return message
        }

        /// The next thing that was said; `nil` when nothing more has been.
        private func hear(_ port: Port) -> NeighbourMessage? {
            var buffer = [UInt8](repeating: 0, count: 2_048)
            while true {
                let count = unsafe recv(port.socket.descriptor.number, &buffer, buffer.count, CInt(MSG_DONTWAIT))
                guard count > 0 else { return nil }
                if let message = read(unsafe buffer.span.bytes.extracting(0..<count)) { return message }
            }
        }
    }

    extension PacketFilter {
        /// Lets ARP through, and ICMPv6 of neighbour discovery that stands right behind the IPv6 header.
        ///
        /// Not from other VLANs: the kernel takes tags off, and a station there is none of the interface's.
        static var neighbourMessages: PacketFilter {
            let load16 = UInt16(BPF_LD | BPF_H | BPF_ABS)
            let load8 = UInt16(BPF_LD | BPF_B | BPF_ABS)
            let isEqual = UInt16(BPF_JMP | BPF_JEQ | BPF_K)
            let answer = UInt16(BPF_RET | BPF_K)
            // SKF_AD_OFF + SKF_AD_VLAN_TAG; no tag is 0, and so is the VLAN of a tag that is there for its priority only.
            let tag = UInt32(bitPattern: -0x1000 + 44)
            return PacketFilter(instructions: [
                sock_filter(code: UInt16(BPF_LD | BPF_W | BPF_ABS), jt: 0, jf: 0, k: tag),
                sock_filter(code: UInt16(BPF_ALU | BPF_AND | BPF_K), jt: 0, jf: 0, k: 0xFFF),
                sock_filter(code: isEqual, jt: 0, jf: 9, k: 0),
                sock_filter(code: load16, jt: 0, jf: 0, k: UInt32(EthernetHeader.Offset.etherType)),
                sock_filter(code: isEqual, jt: 6, jf: 0, k: UInt32(EtherType.arp.rawValue)),
                sock_filter(code: isEqual, jt: 0, jf: 6, k: UInt32(EtherType.ipv6.rawValue)),
                sock_filter(code: load8, jt: 0, jf: 0, k: 14 + 6),
                sock_filter(code: isEqual, jt: 0, jf: 4, k: UInt32(IPProtocol.icmpv6.rawValue)),
                sock_filter(code: load8, jt: 0, jf: 0, k: 14 + 40),
                sock_filter(code: isEqual, jt: 1, jf: 0, k: 135),
                sock_filter(code: isEqual, jt: 0, jf: 1, k: 136),
                sock_filter(code: answer, jt: 0, jf: 0, k: .max),
                sock_filter(code: answer, jt: 0, jf: 0, k: 0),
            ])
        }
    }
#endif
