#if os(Linux)
    import CPacketSocket

    /// A program that lets through the frames that ``FrameRules`` speak of.
    ///
    /// Those are packets to services and to full NAT's sources, packets from backends of NAT, ICMP errors, because any router
    /// may send one about a flow, and questions for an address that the engine answers for.
    struct FrameFilter {
        /// Words of the program's memory: an address that is looked for, whether somebody asks for it, and one that is free.
        private enum Memory {
            static let address: UInt32 = 0
            static let isQuestion: UInt32 = 4
            static let scratch: UInt32 = 5
        }

        private let rules: FrameRules
        private let walk = PacketWalk(start: UInt32(EthernetHeader.Offset.untaggedEnd))

        init(_ rules: FrameRules) {
            self.rules = rules
        }

        /// The program; `nil` if there are too many addresses for one.
        var program: PacketFilter? {
            var builder = FilterBuilder()
            let refuse = builder.answer(0)
            let accept = builder.answer(.max)
            let ipv6 = writeIPv6(to: &builder, accept: accept, refuse: refuse)
            let (ipv4, arp) = writeIPv4(to: &builder, accept: accept, refuse: refuse)
            // A tag that the kernel has left in is rare, and the engine's to read.
            walk.writeDoor(
                to: &builder, ipv4: ipv4, ipv6: ipv6, others: [(.arp, arp), (.vlan, accept)], otherwise: refuse)
            return builder.program
        }

        /// Gives the places where packets and where questions begin.
        private func writeIPv4(
            to builder: inout FilterBuilder, accept: FilterBuilder.Label, refuse: FilterBuilder.Label
        ) -> (packet: FilterBuilder.Label, question: FilterBuilder.Label) {
            builder.branch(ifOneOf: ICMPType.errors(of: .v4), then: accept, otherwise: refuse)
            builder.put([(PacketWalk.loadByteBehind, UInt32(ICMPHeader.Offset.type))])
            let message = builder.here
            let icmp = walk.writeICMPTest(to: &builder, message: message, otherwise: refuse)
            let tree = writeTrees(
                .v4, to: &builder, accept: accept, refuse: refuse, stranger: icmp, source: IPv4Header.Offset.source)
            let target = UInt32(EthernetHeader.Offset.untaggedEnd + ARPMessage.Offset.target)
            let question = writeAddress(
                words: 1, isQuestion: true, then: tree, to: &builder
            ) { _ in (PacketWalk.loadWord, target) }
            let packet = writeAddress(words: 1, isQuestion: false, then: tree, to: &builder) { _ in
                (PacketWalk.loadWord, walk.offset(IPv4Header.Offset.destination))
            }
            return (packet, question)
        }

        private func writeIPv6(
            to builder: inout FilterBuilder, accept: FilterBuilder.Label, refuse: FilterBuilder.Label
        ) -> FilterBuilder.Label {
            let tree = writeTrees(
                .v6, to: &builder, accept: accept, refuse: refuse, stranger: refuse, source: IPv6Header.Offset.source)
            let packet = writeAddress(words: 4, isQuestion: false, then: tree, to: &builder) { word in
                (PacketWalk.loadWord, walk.offset(IPv6Header.Offset.destination + 4 * word))
            }
            let solicitation = writeAddress(words: 4, isQuestion: true, then: tree, to: &builder) { word in
                (PacketWalk.loadWordBehind, UInt32(NeighbourSolicitation.Offset.target + 4 * word))
            }
            let number = UInt32(ICMPType.neighbourSolicitation.number)
            builder.branch(.isEqual, number, then: solicitation, otherwise: packet)
            let other = builder.here
            // Errors are the types below 128 (RFC 4443 §2.1).
            builder.branch(.isGreaterOrEqual, 128, then: other, otherwise: accept)
            builder.put([(PacketWalk.loadByteBehind, UInt32(ICMPHeader.Offset.type))])
            let message = builder.here
            return walk.writeICMPv6Test(to: &builder, scratch: Memory.scratch, message: message, otherwise: packet)
        }

        /// Finds the address that is kept among the receivers, and of a packet the sender; else goes on at `stranger`.
        private func writeTrees(
            _ version: IPVersion, to builder: inout FilterBuilder, accept: FilterBuilder.Label,
            refuse: FilterBuilder.Label, stranger: FilterBuilder.Label, source: Int
        ) -> FilterBuilder.Label {
            let senders = writeTree(rules.senders, version, to: &builder, accept: accept, otherwise: stranger) { word in
                (PacketWalk.loadWord, walk.offset(source + 4 * word))
            }
            builder.branch(.isEqual, 1, then: refuse, otherwise: senders)
            builder.put([(PacketWalk.loadStored, Memory.isQuestion)])
            let other = builder.here
            return writeTree(rules.receivers, version, to: &builder, accept: accept, otherwise: other) { word in
                (PacketWalk.loadStored, Memory.address + UInt32(word))
            }
        }

        /// Keeps an address, and whether somebody asks for it.
        private func writeAddress(
            words: Int, isQuestion: Bool, then next: FilterBuilder.Label, to builder: inout FilterBuilder,
            load: (_ word: Int) -> (CInt, UInt32)
        ) -> FilterBuilder.Label {
            builder.jump(to: next)
            builder.put([(BPF_LD | BPF_IMM, isQuestion ? 1 : 0), (PacketWalk.store, Memory.isQuestion)])
            for word in 0..<words {
                builder.put([load(word), (PacketWalk.store, Memory.address + UInt32(word))])
            }
            return builder.here
        }

        private func writeTree(
            _ prefixes: [IPPrefix], _ version: IPVersion, to builder: inout FilterBuilder,
            accept: FilterBuilder.Label, otherwise: FilterBuilder.Label,
            load: @escaping (_ word: Int) -> (CInt, UInt32)
        ) -> FilterBuilder.Label {
            AddressTree(
                prefixes.map { (prefix: $0, outcome: accept) }, version: version, otherwise: otherwise, load: load
            ).write(to: &builder)
        }
    }

    extension ICMPType {
        /// The numbers of the errors of a version, where they are few.
        static func errors(of version: IPVersion) -> [UInt32] {
            (0..<128).filter { ICMPType(version: version, number: $0).isError }.map { UInt32($0) }
        }
    }
#endif
