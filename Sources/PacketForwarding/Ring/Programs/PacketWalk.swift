#if os(Linux)
    import CPacketSocket

    /// How programs read an IP packet that begins `start` bytes into what they are given.
    ///
    /// A program that reads behind the end of a packet ends there, with the answer 0.
    struct PacketWalk {
        /// Where the IP header begins.
        let start: UInt32

        static let loadWord = BPF_LD | BPF_W | BPF_ABS
        static let loadHalf = BPF_LD | BPF_H | BPF_ABS
        static let loadByte = BPF_LD | BPF_B | BPF_ABS
        static let loadWordBehind = BPF_LD | BPF_W | BPF_IND
        static let loadHalfBehind = BPF_LD | BPF_H | BPF_IND
        static let loadByteBehind = BPF_LD | BPF_B | BPF_IND
        static let loadStored = BPF_LD | BPF_MEM
        static let store = CInt(BPF_ST)

        /// The EtherType behind all tags that the kernel has taken out.
        static var loadEtherType: (CInt, UInt32) {
            (loadHalf, UInt32(bitPattern: SKF_AD_OFF + SKF_AD_PROTOCOL))
        }

        /// The place of a field of the IP header.
        func offset(_ field: Int) -> UInt32 { start + UInt32(truncatingIfNeeded: field) }

        /// Goes on at one of the places by what the frame carries.
        func writeDoor(
            to builder: inout FilterBuilder, ipv4: FilterBuilder.Label, ipv6: FilterBuilder.Label,
            others: [(EtherType, FilterBuilder.Label)] = [], otherwise: FilterBuilder.Label
        ) {
            var next = otherwise
            for (type, place) in others + [(.ipv6, ipv6), (.ipv4, ipv4)] {
                builder.branch(.isEqual, UInt32(type.rawValue), then: place, otherwise: next)
                next = builder.here
            }
            builder.put([Self.loadEtherType])
        }

        /// Goes on at `then` if the header is of a version.
        func writeVersionTest(
            _ version: IPVersion, to builder: inout FilterBuilder, then: FilterBuilder.Label,
            otherwise: FilterBuilder.Label
        ) {
            builder.branch(.isEqual, UInt32(version.rawValue), then: then, otherwise: otherwise)
            builder.put([
                (Self.loadByte, offset(IPv4Header.Offset.versionAndLength)), (BPF_ALU | BPF_RSH | BPF_K, 4),
            ])
        }

        /// Goes on at `message`, with the index at the message, if a whole packet carries ICMP; gives the place.
        func writeICMPTest(
            to builder: inout FilterBuilder, message: FilterBuilder.Label, otherwise: FilterBuilder.Label
        ) -> FilterBuilder.Label {
            builder.jump(to: message)
            builder.put([
                (BPF_LDX | BPF_B | BPF_MSH, offset(IPv4Header.Offset.versionAndLength)), (BPF_MISC | BPF_TXA, 0),
                (BPF_ALU | BPF_ADD | BPF_K, start), (BPF_MISC | BPF_TAX, 0),
            ])
            let whole = builder.here
            let fragment = UInt32(IPv4Header.Fragment.moreFragments | IPv4Header.Fragment.offsetMask)
            builder.branch(.hasAnyBit, fragment, then: otherwise, otherwise: whole)
            builder.put([(Self.loadHalf, offset(IPv4Header.Offset.fragment))])
            let carries = builder.here
            builder.branch(.isEqual, UInt32(IPProtocol.icmp.rawValue), then: carries, otherwise: otherwise)
            builder.put([(Self.loadByte, offset(IPv4Header.Offset.transport))])
            return builder.here
        }

        /// Goes on at `message`, with the index at the message, if a whole packet carries ICMPv6; gives the place.
        ///
        /// It may stand behind extension headers. `scratch` is a word of memory that nobody else needs.
        func writeICMPv6Test(
            to builder: inout FilterBuilder, scratch: UInt32, message: FilterBuilder.Label,
            otherwise: FilterBuilder.Label
        ) -> FilterBuilder.Label {
            // Behind the last of the headers that are walked over there must be none.
            builder.branch(.isEqual, UInt32(IPProtocol.icmpv6.rawValue), then: message, otherwise: otherwise)
            for _ in 0..<IPv6ExtensionHeaders.limit {
                writeStep(to: &builder, scratch: scratch, message: message, otherwise: otherwise)
            }
            builder.put([
                (BPF_LDX | BPF_IMM, offset(IPv6Header.Offset.end)),
                (Self.loadByte, offset(IPv6Header.Offset.nextHeader)),
            ])
            return builder.here
        }

        /// With a header's protocol in the accumulator and its place in the index: goes on behind it if it is an extension.
        private func writeStep(
            to builder: inout FilterBuilder, scratch: UInt32, message: FilterBuilder.Label,
            otherwise: FilterBuilder.Label
        ) {
            let next = builder.here
            let nextHeader = UInt32(IPv6ExtensionHeaders.Offset.nextHeader)
            let advance: [(CInt, UInt32)] = [
                (BPF_ALU | BPF_ADD | BPF_K, UInt32(IPv6ExtensionHeaders.Offset.minimumEnd)),
                (BPF_ALU | BPF_ADD | BPF_X, 0), (Self.store, scratch),
                (Self.loadByteBehind, nextHeader), (BPF_LDX | BPF_MEM, scratch),
            ]
            builder.jump(to: next)
            builder.put(advance)
            builder.put([
                (Self.loadByteBehind, UInt32(IPv6ExtensionHeaders.Offset.length)), (BPF_ALU | BPF_LSH | BPF_K, 3),
            ])
            let options = builder.here
            builder.jump(to: next)
            builder.put([(BPF_LD | BPF_IMM, 0)] + advance)
            let atomic = builder.here
            let part = UInt32(
                IPv6ExtensionHeaders.Fragment.offsetMask | IPv6ExtensionHeaders.Fragment.moreFragments)
            builder.branch(.hasAnyBit, part, then: otherwise, otherwise: atomic)
            builder.put([(Self.loadHalfBehind, UInt32(IPv6ExtensionHeaders.Offset.fragment))])
            let fragment = builder.here
            let kinds: [IPProtocol] = [.hopByHop, .routing, .destinationOptions]
            builder.branch(ifOneOf: kinds.map { UInt32($0.rawValue) }, then: options, otherwise: otherwise)
            builder.branch(.isEqual, UInt32(IPProtocol.fragment.rawValue), then: fragment, otherwise: builder.here)
            builder.branch(.isEqual, UInt32(IPProtocol.icmpv6.rawValue), then: message, otherwise: builder.here)
        }
    }
#endif
