#if os(Linux)
    import Glibc

    /// The end of a tunnel on a backend whose kernel has no tunnel devices: packets come out of a link, are taken out of
    /// their outer headers, and go to the host through a ``TunnelDevice``.
    ///
    /// The host has to have the services' addresses, to accept them on the device (`rp_filter=0` there), and should drop
    /// outer packets before its own stack answers them with an ICMP error.
    public final class TunnelEnd {
        private var link: PacketLink
        private let device: TunnelDevice
        private let interface: String
        private let changes: HostNetworkChanges
        /// Whether the receiver itself says whom outer packets may be for; else that is this host.
        private let namesDestinations: Bool
        private var receiver: TunnelReceiver
        /// The link's station address.
        private var station: MACAddress
        private var batch: FrameBatch

        /// Packets that the host took.
        public private(set) var delivered: UInt64 = 0
        /// Tunnel packets to this station that were not for this host, not from whom they may be, or not whole.
        public private(set) var refused: UInt64 = 0

        /// Opens a link and a device.
        ///
        /// - Parameters:
        ///   - interface: where outer packets come in.
        ///   - device: where inner ones go.
        ///   - receiver: which may pass; of outer packets those to the host's own addresses, unless it names others.
        ///   - options: how the link shares memory with the kernel.
        /// - Throws: ``PacketSocketError``, which says what is missing.
        public init(
            from interface: String, to device: consuming TunnelDevice, _ receiver: TunnelReceiver,
            options: PacketLinkOptions = PacketLinkOptions()
        ) throws(PacketSocketError) {
            let link = try PacketLink(interface, number: 0, options: options)
            changes = try HostNetworkChanges()
            namesDestinations = receiver.outerDestinations != nil
            self.link = link
            self.interface = interface
            self.device = device
            self.receiver = receiver
            station = MACAddress(bits: 0)
            batch = FrameBatch(capacity: options.batch)
            try lookAtHost()
        }

        /// Takes note of the station address and the addresses that the host has now.
        private func lookAtHost() throws(PacketSocketError) {
            let host = try HostNetwork.read()
            guard let own = host.interfaceConfiguration(of: interface) else { return }
            station = own.mac
            guard !namesDestinations else { return }
            receiver.outerDestinations = host.addresses.compactMap { address in
                IPPrefix(address.address.address, bitCount: address.address.address.bitWidth)
            }
        }

        /// Takes out what has come in so far.
        ///
        /// - Returns: how many frames there were.
        public func step() -> Int {
            batch.removeAll()
            link.receive(into: &batch)
            for index in 0..<batch.count { deliver(&batch[index]) }
            link.release()
            return batch.count
        }

        private func deliver(_ frame: inout Frame) {
            guard isForStation(frame) else { return }
            do {
                try takeOut(&frame)
                frame.removeTag()
                if device.write(frame) { delivered &+= 1 }
            } catch .notATunnel {
                return
            } catch {
                refused &+= 1
            }
        }

        /// Whether a frame is for this station: a switch that does not know where one is sends to all.
        private func isForStation(_ frame: borrowing Frame) -> Bool {
            let destination = frame.withBytes { EthernetHeader($0)?.destination }
            guard let destination, destination != station, !destination.isGroup else { return destination != nil }
            // The station may have another address by now.
            if changes.take() { try? lookAtHost() }
            return destination == station
        }

        private func takeOut(_ frame: inout Frame) throws(DecapsulationError) {
            do throws(DecapsulationError) {
                try receiver.decapsulate(&frame)
            } catch {
                // The host may have another address by now.
                guard error == .anotherHost, changes.take() else { throw error }
                try? lookAtHost()
                try receiver.decapsulate(&frame)
            }
        }

        /// Takes packets out until `isStopped` says so, which is asked at least every 10 ms.
        ///
        /// - Throws: ``PacketSocketError`` if the link is gone.
        public func run(until isStopped: () -> Bool) throws(PacketSocketError) {
            while !isStopped() {
                if step() == 0 { try link.wait(for: 10) }
            }
        }
    }
#endif
