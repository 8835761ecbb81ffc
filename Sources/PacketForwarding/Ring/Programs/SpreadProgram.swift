#if os(Linux)
    import CPacketSocket

    /// A program for a group of sockets that does what ``WorkerSpread`` does.
    ///
    /// It is given packets from their IP headers on. Each worker has three sockets in the group, one after the other: for a ring
    /// of slots, for a ring of blocks, and for one of large slots.
    struct SpreadProgram {
        /// Words of the program's memory: the client's address if the packet is for a service, and if it is not, which is
        /// the address that tells; the one that is free; and the worker.
        private enum Memory {
            static let ifServed: UInt32 = 0
            static let otherwise: UInt32 = 4
            static let scratch: UInt32 = 8
            static let worker: UInt32 = 9
        }

        private let rules: SpreadRules
        /// Workers that receive in blocks.
        private let flooded: [Bool]
        /// The longest packet for which slots have room.
        private let longest: Int
        private let walk = PacketWalk(start: 0)

        /// A program by some rules.
        ///
        /// - Parameters:
        ///   - rules: whose packets are whose.
        ///   - flooded: of each worker, whether it is to get frames in blocks.
        ///   - longest: the longest packet for which slots have room; longer ones go into large slots.
        init(_ rules: SpreadRules, flooded: [Bool], longest: Int) {
            self.rules = rules
            self.flooded = flooded
            self.longest = longest
        }

        /// The program; `nil` if there are too many addresses for one.
        var program: PacketFilter? {
            var builder = FilterBuilder()
            let first = writeAnswer(of: 0, to: &builder)
            guard rules.workers > 1 else { return builder.program }
            writeSocket(to: &builder)
            let finish = builder.here
            let ipv6 = writeIPv6(to: &builder, finish: finish, otherwise: first)
            let ipv4 = writeIPv4(to: &builder, finish: finish, otherwise: first)
            walk.writeDoor(to: &builder, ipv4: ipv4, ipv6: ipv6, otherwise: first)
            return builder.program
        }

        /// The places in the group of the sockets of a worker, from that of its first.
        private enum Socket: UInt32 {
            case slots, blocks, largeSlots

            static let count: UInt32 = 3
        }

        /// Answers with the socket that a worker gets frames by.
        private func writeAnswer(of worker: Int, to builder: inout FilterBuilder) -> FilterBuilder.Label {
            let own = Socket.count &* UInt32(truncatingIfNeeded: worker)
            guard !flooded[worker] else { return builder.answer(own + Socket.blocks.rawValue) }
            let slots = builder.answer(own + Socket.slots.rawValue)
            let largeSlots = builder.answer(own + Socket.largeSlots.rawValue)
            return writeLengthTest(to: &builder, then: largeSlots, otherwise: slots)
        }

        /// Goes on at `then` if slots have no room for the packet; gives the place.
        private func writeLengthTest(
            to builder: inout FilterBuilder, then: FilterBuilder.Label, otherwise: FilterBuilder.Label
        ) -> FilterBuilder.Label {
            builder.branch(.isGreater, UInt32(clamping: longest), then: then, otherwise: otherwise)
            builder.put([(BPF_LD | BPF_W | BPF_LEN, 0)])
            return builder.here
        }

        /// With the worker in memory: answers with one of its sockets.
        private func writeAnswer(_ socket: Socket, to builder: inout FilterBuilder) -> FilterBuilder.Label {
            builder.put([
                (PacketWalk.loadStored, Memory.worker), (BPF_ALU | BPF_MUL | BPF_K, Socket.count),
                (BPF_ALU | BPF_ADD | BPF_K, socket.rawValue), (BPF_RET | BPF_A, 0),
            ])
            return builder.here
        }

        /// With the worker in the accumulator: answers with the socket that it gets frames by.
        private func writeSocket(to builder: inout FilterBuilder) {
            let slots = writeAnswer(.slots, to: &builder)
            let largeSlots = writeAnswer(.largeSlots, to: &builder)
            let calm = writeLengthTest(to: &builder, then: largeSlots, otherwise: slots)
            let blocks = writeAnswer(.blocks, to: &builder)
            builder.branch(.hasAnyBit, 1, then: blocks, otherwise: calm)
            builder.put([(BPF_ALU | BPF_RSH | BPF_X, 0)])
            // Thirty-two workers are the bits of one number.
            let shift = builder.here
            var next: FilterBuilder.Label?
            for (index, chunk) in masks.enumerated() {
                builder.jump(to: shift)
                builder.put([(BPF_LD | BPF_IMM, chunk)])
                let chosen = builder.here
                if let next {
                    builder.branch(.isEqual, UInt32(truncatingIfNeeded: index), then: chosen, otherwise: next)
                }
                next = builder.here
            }
            builder.put([
                (PacketWalk.store, Memory.worker), (BPF_ALU | BPF_AND | BPF_K, 31), (BPF_MISC | BPF_TAX, 0),
                (PacketWalk.loadStored, Memory.worker), (BPF_ALU | BPF_RSH | BPF_K, 5),
            ])
        }

        private var masks: [UInt32] {
            stride(from: 0, to: flooded.count, by: 32).map { first in
                var mask: UInt32 = 0
                for (bit, isFlooded) in flooded[first...].prefix(32).enumerated() where isFlooded { mask |= 1 << bit }
                return mask
            }
        }

        private func writeIPv4(
            to builder: inout FilterBuilder, finish: FilterBuilder.Label, otherwise: FilterBuilder.Label
        ) -> FilterBuilder.Label {
            builder.jump(to: finish)
            writeShare(to: &builder)
            builder.put([(BPF_ALU | BPF_XOR | BPF_K, ClientShare.key(seed: rules.seed))])
            let hash = builder.here
            let destination = place(of: Memory.otherwise, then: hash, to: &builder)
            let source = place(of: Memory.ifServed, then: hash, to: &builder)
            let tree = writeTree(.v4, to: &builder, served: source, otherwise: destination)
            builder.jump(to: tree)
            writeQuoted(
                to: &builder, version: .v4, length: IPv4Header.Offset.minimumEnd, otherwise: tree,
                source: IPv4Header.Offset.source, destination: IPv4Header.Offset.destination)
            let quoted = builder.here
            builder.branch(ifOneOf: ICMPType.errors(of: .v4), then: quoted, otherwise: tree)
            builder.put([(PacketWalk.loadByteBehind, UInt32(ICMPHeader.Offset.type))])
            let message = builder.here
            builder.jump(to: walk.writeICMPTest(to: &builder, message: message, otherwise: tree))
            writeAddresses(
                words: 1, source: IPv4Header.Offset.source, destination: IPv4Header.Offset.destination, to: &builder)
            let whole = builder.here
            walk.writeVersionTest(.v4, to: &builder, then: whole, otherwise: otherwise)
            return builder.here
        }

        private func writeIPv6(
            to builder: inout FilterBuilder, finish: FilterBuilder.Label, otherwise: FilterBuilder.Label
        ) -> FilterBuilder.Label {
            builder.jump(to: finish)
            writeShare(to: &builder)
            for word in (0..<4 as Range<UInt32>).reversed() {
                let first: [(CInt, UInt32)] = [(BPF_ALU | BPF_XOR | BPF_K, ClientShare.key(seed: rules.seed))]
                let later: [(CInt, UInt32)] = [
                    (BPF_LDX | BPF_MEM, Memory.scratch), (BPF_ALU | BPF_XOR | BPF_X, 0),
                ]
                if word < 3 { builder.put([(PacketWalk.store, Memory.scratch)]) }
                if word < 3 { writeWord(to: &builder) }
                builder.put([(PacketWalk.loadStored, Memory.ifServed + word)] + (word == 0 ? first : later))
            }
            let hash = builder.here
            builder.jump(to: hash)
            for word in 0..<4 as Range<UInt32> {
                builder.put([
                    (PacketWalk.loadStored, Memory.otherwise + word), (PacketWalk.store, Memory.ifServed + word),
                ])
            }
            let destination = builder.here
            let tree = writeTree(.v6, to: &builder, served: hash, otherwise: destination)
            builder.jump(to: tree)
            writeQuoted(
                to: &builder, version: .v6, length: IPv6Header.Offset.end, otherwise: tree,
                source: IPv6Header.Offset.source, destination: IPv6Header.Offset.destination)
            let quoted = builder.here
            // Errors are the types below 128 (RFC 4443 §2.1).
            builder.branch(.isGreaterOrEqual, 128, then: tree, otherwise: quoted)
            builder.put([(PacketWalk.loadByteBehind, UInt32(ICMPHeader.Offset.type))])
            let message = builder.here
            builder.jump(
                to: walk.writeICMPv6Test(
                    to: &builder, scratch: Memory.scratch, message: message, otherwise: tree))
            writeAddresses(
                words: 4, source: IPv6Header.Offset.source, destination: IPv6Header.Offset.destination, to: &builder)
            let whole = builder.here
            walk.writeVersionTest(.v6, to: &builder, then: whole, otherwise: otherwise)
            return builder.here
        }

        /// Loads a word of memory and goes on.
        private func place(
            of word: UInt32, then next: FilterBuilder.Label, to builder: inout FilterBuilder
        ) -> FilterBuilder.Label {
            builder.jump(to: next)
            builder.put([(PacketWalk.loadStored, word)])
            return builder.here
        }

        /// Finds out whose address the one is that tells.
        private func writeTree(
            _ version: IPVersion, to builder: inout FilterBuilder, served: FilterBuilder.Label,
            otherwise: FilterBuilder.Label
        ) -> FilterBuilder.Label {
            var outcomes = rules.served.map { (prefix: $0, outcome: served) }
            for worker in Set(rules.sources.map(\.worker)) {
                let own = writeAnswer(of: worker, to: &builder)
                for source in rules.sources where source.worker == worker {
                    outcomes.append((prefix: source.address.prefix, outcome: own))
                }
            }
            let tree = AddressTree(outcomes, version: version, otherwise: otherwise) { word in
                (PacketWalk.loadStored, Memory.otherwise + UInt32(word))
            }
            return tree.write(to: &builder)
        }

        /// Keeps the addresses of the packet.
        private func writeAddresses(words: Int, source: Int, destination: Int, to builder: inout FilterBuilder) {
            for word in 0..<words {
                builder.put([
                    (PacketWalk.loadWord, walk.offset(source + 4 * word)),
                    (PacketWalk.store, Memory.ifServed + UInt32(word)),
                    (PacketWalk.loadWord, walk.offset(destination + 4 * word)),
                    (PacketWalk.store, Memory.otherwise + UInt32(word)),
                ])
            }
        }

        /// With the index at an ICMP error: keeps the addresses of the packet that it quotes, which went the other way.
        private func writeQuoted(
            to builder: inout FilterBuilder, version: IPVersion, length: Int, otherwise: FilterBuilder.Label,
            source: Int, destination: Int
        ) {
            let start = ICMPHeader.Offset.end
            for word in 0..<(version == .v4 ? 1 : 4) {
                builder.put([
                    (PacketWalk.loadWordBehind, UInt32(start + destination + 4 * word)),
                    (PacketWalk.store, Memory.ifServed + UInt32(word)),
                    (PacketWalk.loadWordBehind, UInt32(start + source + 4 * word)),
                    (PacketWalk.store, Memory.otherwise + UInt32(word)),
                ])
            }
            let isThere = builder.here
            builder.branch(.isEqual, UInt32(version.rawValue), then: isThere, otherwise: otherwise)
            builder.put([(PacketWalk.loadByteBehind, UInt32(start)), (BPF_ALU | BPF_RSH | BPF_K, 4)])
            let isLongEnough = builder.here
            // The header and the ports.
            builder.branch(
                .isGreaterOrEqual, UInt32(start + length + 4), then: isLongEnough, otherwise: otherwise)
            builder.put([(BPF_LD | BPF_W | BPF_LEN, 0), (BPF_ALU | BPF_SUB | BPF_X, 0)])
        }

        /// With a word of the address in the accumulator, mixed with what came before: gives the worker.
        private func writeShare(to builder: inout FilterBuilder) {
            builder.put([
                (BPF_ALU | BPF_RSH | BPF_K, 16),
                (BPF_ALU | BPF_MUL | BPF_K, UInt32(truncatingIfNeeded: rules.workers)),
                (BPF_ALU | BPF_RSH | BPF_K, 16),
            ])
            writeFold(ClientShare.factors.second, ClientShare.shifts.second, to: &builder)
            writeFold(ClientShare.factors.first, ClientShare.shifts.first, to: &builder)
            writeWord(to: &builder)
        }

        private func writeWord(to builder: inout FilterBuilder) {
            writeFold(ClientShare.factors.word, ClientShare.shifts.word, to: &builder)
        }

        private func writeFold(_ factor: UInt32, _ shift: UInt32, to builder: inout FilterBuilder) {
            builder.put([
                (BPF_ALU | BPF_MUL | BPF_K, factor), (BPF_MISC | BPF_TAX, 0), (BPF_ALU | BPF_RSH | BPF_K, shift),
                (BPF_ALU | BPF_XOR | BPF_X, 0),
            ])
        }
    }
#endif
