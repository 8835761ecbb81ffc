#if os(Linux)
    import CPacketSocket

    /// A program that lets through the frames that ``FrameRules`` speak of.
    ///
    /// Those are packets to services and to full NAT's sources, packets from backends of NAT, ICMP errors, because any router
    /// may send one about a flow, and questions for an address that the engine answers for.
    struct FrameFilter {
        /// Words of the program's memory: an address, and the one that is free.
        private enum Memory {
            static let address: UInt32 = 0
            static let scratch: UInt32 = 4
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
            let ipv4 = writeIPv4(to: &builder, accept: accept, refuse: refuse)
            let target = UInt32(EthernetHeader.Offset.untaggedEnd + ARPMessage.Offset.target)
            let arp = writeTree(rules.receivers, .v4, to: &builder, accept: accept, otherwise: refuse) { _ in
                (PacketWalk.loadWord, target)
            }
            // A tag that the kernel has left in is rare, and the engine's to read.
            walk.writeDoor(
                to: &builder, ipv4: ipv4, ipv6: ipv6, others: [(.arp, arp), (.vlan, accept)], otherwise: refuse)
            return builder.program
        }

        private func writeIPv4(
            to builder: inout FilterBuilder, accept: FilterBuilder.Label, refuse: FilterBuilder.Label
        ) -> FilterBuilder.Label {
            builder.branch(ifOneOf: ICMPType.errors(of: .v4), then: accept, otherwise: refuse)
            builder.put([(PacketWalk.loadByteBehind, UInt32(ICMPHeader.Offset.type))])
            let message = builder.here
            let icmp = walk.writeICMPTest(to: &builder, message: message, otherwise: refuse)
            let senders = writeTree(rules.senders, .v4, to: &builder, accept: accept, otherwise: icmp) { _ in
                (PacketWalk.loadWord, walk.offset(IPv4Header.Offset.source))
            }
            return writeTree(rules.receivers, .v4, to: &builder, accept: accept, otherwise: senders) { _ in
                (PacketWalk.loadWord, walk.offset(IPv4Header.Offset.destination))
            }
        }

        private func writeIPv6(
            to builder: inout FilterBuilder, accept: FilterBuilder.Label, refuse: FilterBuilder.Label
        ) -> FilterBuilder.Label {
            let target = writeTree(rules.receivers, .v6, to: &builder, accept: accept, otherwise: refuse) { word in
                (PacketWalk.loadStored, Memory.address + UInt32(word))
            }
            builder.jump(to: target)
            for word in 0..<4 {
                builder.put([
                    (PacketWalk.loadWordBehind, UInt32(NeighbourSolicitation.Offset.target + 4 * word)),
                    (PacketWalk.store, Memory.address + UInt32(word)),
                ])
            }
            let solicitation = builder.here
            let number = UInt32(ICMPType.neighbourSolicitation.number)
            builder.branch(.isEqual, number, then: solicitation, otherwise: refuse)
            let question = builder.here
            builder.branch(.isGreaterOrEqual, 128, then: question, otherwise: accept)
            builder.put([(PacketWalk.loadByteBehind, UInt32(ICMPHeader.Offset.type))])
            let message = builder.here
            let icmp = walk.writeICMPv6Test(to: &builder, scratch: Memory.scratch, message: message, otherwise: refuse)
            let senders = writeTree(rules.senders, .v6, to: &builder, accept: accept, otherwise: icmp) { word in
                (PacketWalk.loadWord, walk.offset(IPv6Header.Offset.source + 4 * word))
            }
            return writeTree(rules.receivers, .v6, to: &builder, accept: accept, otherwise: senders) { word in
                (PacketWalk.loadWord, walk.offset(IPv6Header.Offset.destination + 4 * word))
            }
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
