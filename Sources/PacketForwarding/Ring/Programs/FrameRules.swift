#if os(Linux)
    import CPacketSocket

    /// Which frames of an interface an engine might act on.
    struct FrameRules: Hashable {
        /// What the engine is asked for: addresses of services and sources of full NAT, of which none lies in another.
        let receivers: [IPPrefix]
        /// Whose answers it translates: the backends of NAT.
        let senders: [IPPrefix]
        /// The interface's station address, by which alone frames are chosen if there are too many addresses.
        let station: MACAddress

        /// What control has published, for the interface at a position of the configuration.
        init(_ control: ForwardingControl, interface: Int) {
            let plan = control.plan
            // Flows to backends that were removed go on.
            let backends = plan.backends.filter { plan.services[Int($0.service)].mode.isNAT }
            self.init(
                receivers: control.configuration.services.map(\.address) + plan.sourceAddresses.map(\.prefix),
                senders: backends.map(\.endpoint.address.prefix), station: plan.links.interfaces[interface].mac)
        }

        /// What a configuration wants of the interface at a position.
        init(_ configuration: ForwardingConfiguration, interface: Int) {
            let services = configuration.services
            let backends = services.filter { $0.mode.isNAT }.flatMap(\.backends)
            self.init(
                receivers: services.map(\.address) + services.flatMap(\.sourceAddresses).map(\.prefix),
                senders: backends.map(\.address.prefix), station: configuration.interfaces[interface].mac)
        }

        init(receivers: [IPPrefix], senders: [IPPrefix], station: MACAddress) {
            self.receivers = IPPrefix.disjoint(receivers)
            self.senders = IPPrefix.disjoint(senders)
            self.station = station
        }

        /// What lets through all that either of two does.
        func union(_ other: FrameRules) -> FrameRules {
            FrameRules(
                receivers: receivers + other.receivers, senders: senders + other.senders, station: station)
        }

        /// The program; it is given whole frames, as the kernel has them: without their outermost tag.
        var program: PacketFilter {
            FrameFilter(self).program ?? .station(station)
        }
    }

    extension PacketFilter {
        /// Lets through what is for a station, and what is for a group of them.
        static func station(_ station: MACAddress) -> PacketFilter {
            let (high, low) = (UInt32(truncatingIfNeeded: station.bits >> 16), UInt32(station.bits & 0xFFFF))
            var builder = FilterBuilder()
            let refuse = builder.answer(0)
            let accept = builder.answer(.max)
            builder.branch(.hasAnyBit, 0x01, then: accept, otherwise: refuse)
            builder.put([(PacketWalk.loadByte, 0)])
            let group = builder.here
            builder.branch(.isEqual, low, then: accept, otherwise: group)
            builder.put([(PacketWalk.loadHalf, 4)])
            let rest = builder.here
            builder.branch(.isEqual, high, then: rest, otherwise: group)
            builder.put([(PacketWalk.loadWord, 0)])
            return builder.program ?? .always(.max)
        }
    }
#endif
