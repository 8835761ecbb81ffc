#if os(Linux)
    import Foundation
    import LoadBalancing
    import PacketForwarding

    /// The parts of the lab that this program plays itself, each as a process of its own in a namespace.
    enum ForwardPart: String {
        case forward, source, echo, ask

        /// Does the part that the command line names.
        static func run(_ part: ForwardPart, _ arguments: inout Arguments) throws {
            switch part {
            case .forward:
                try forward(
                    mode: arguments.option("--mode").flatMap(ServiceMode.init) ?? .dsr,
                    workers: arguments.numbers("--workers", in: 1...128)?.first ?? 1,
                    ring: arguments.option("--ring").flatMap(ReceiveMode.init) ?? .adaptive)
            case .source:
                let isFresh = arguments.flag("--fresh")
                try FrameSource(
                    rate: arguments.numbers("--rate", in: 0...100_000_000)?.first ?? 0,
                    seconds: arguments.numbers("--seconds", in: 1...60)?.first ?? 1, isFresh: isFresh,
                    station: UInt8(arguments.numbers("--station", in: 0...255)?.first ?? 0x0A)
                ).run()
            case .echo:
                let address = arguments.flag("--own") ? "10.99.2.10" : ForwardLab.service
                try Datagrams.echo(at: address, port: UInt16(ForwardLab.port))
            case .ask: try Datagrams.ask(ForwardLab.service, port: UInt16(ForwardLab.port), count: 2_000)
            }
        }

        /// Forwards by a mode until standard input ends.
        private static func forward(mode: ServiceMode, workers: Int, ring: ReceiveMode) throws {
            let control = try ForwardingControl(configuration(mode))
            var options = WorkerOptions(count: workers)
            options.link.mode = ring
            let forwarder = try ForwardingWorkers(control, options: options)
            try forwarder.start()
            print("ready table=\(ForwardingEngine.flowByteCount(control, capacity: EngineCapacity()))")
            fflush(nil)
            while !FileHandle.standardInput.availableData.isEmpty {}
            forwarder.stop()
        }

        private static func configuration(_ mode: ServiceMode) throws -> ForwardingConfiguration {
            func address(_ text: String) throws -> IPAddress {
                guard let address = IPAddress(text) else {
                    throw CommandFailure(message: "no address: \(text)", code: 1)
                }
                return address
            }
            func interface(_ name: String, _ mac: String, _ own: String) throws -> InterfaceConfiguration {
                guard let mac = MACAddress(mac), let own = InterfaceAddress(own) else {
                    throw CommandFailure(message: "no address: \(mac) \(own)", code: 1)
                }
                return InterfaceConfiguration(name: name, mac: mac, addresses: [own])
            }
            func station(_ text: String, _ mac: UInt64, _ interface: String) throws -> NeighbourConfiguration {
                NeighbourConfiguration(
                    address: try address(text), mac: MACAddress(bits: 0x0200_0000_0000 + mac), interface: interface)
            }
            guard let service = IPPrefix(ForwardLab.service) else {
                throw CommandFailure(message: "no address: \(ForwardLab.service)", code: 1)
            }
            let port = UInt16(ForwardLab.port)
            let services = try [ServiceTransport.udp, .tcp].map { transport in
                ServiceConfiguration(
                    name: "\(transport)", transport: transport, address: service, port: port, mode: mode,
                    backends: [BackendConfiguration(name: "e0", address: try address("10.99.2.10"), port: port)])
            }
            return ForwardingConfiguration(
                interfaces: [
                    try interface("a0", "02:00:00:00:00:0a", "10.99.1.1/24"),
                    try interface("b0", "02:00:00:00:00:0b", "10.99.2.1/24"),
                ],
                neighbours: [try station("10.99.1.2", 0x01, "a0"), try station("10.99.2.10", 0x0C, "b0")],
                tunnelSource: TunnelSource(ipv4: try address("10.99.2.1")), services: services)
        }
    }

    /// Sends small datagrams to the service, from as many clients as can be or from ten thousand.
    struct FrameSource {
        private static let batch = 64
        private static let flows = 10_000
        /// Frames that come late and are sent all the same, as a part of a second's: what is later than that is left out, since
        /// a burst would not be the rate that is asked for.
        private static let largestBurst = 1_000

        /// Frames a second; 0 for as many as can be.
        let rate: Int
        let seconds: Int
        /// Whether each frame is of a flow that there has not been.
        let isFresh: Bool
        /// The last byte of the station address that frames are sent to.
        let station: UInt8

        /// Sends, and prints how many frames left.
        func run() throws {
            var link = try PacketLink(
                "c0", number: 0,
                options: PacketLinkOptions(slotCount: 32, largeSlotCount: 1, blockCount: 1, batch: Self.batch))
            var pool = FramePool(frameCount: Self.flows, byteCount: 128, headroom: 32)
            var frames = FrameBatch(capacity: Self.flows)
            while !frames.isFull, var frame = pool.take() {
                write(flow: frames.count, into: &frame)
                frames.append(frame)
            }
            let clock = ContinuousClock()
            let start = clock.now
            let end = start + .seconds(seconds)
            let burst = max(Self.batch, rate / Self.largestBurst)
            var sent = 0
            var leftOut = 0
            while clock.now < end {
                let now = (clock.now - start) / .nanoseconds(1) * Double(rate) / 1e9
                let due = rate == 0 ? sent + Self.batch : Int(now) - leftOut
                guard sent < due else { continue }
                leftOut += max(0, due - sent - burst)
                for _ in 0..<min(Self.batch, due - sent) {
                    let index = sent % Self.flows
                    if isFresh { write(flow: sent, into: &frames[index]) }
                    link.send(&frames[index])
                    sent += 1
                }
                link.flush()
            }
            let statistics = link.statistics
            print("sent=\(statistics.sent)")
            while let frame = frames.popLast() { pool.put(frame) }
        }

        /// A datagram of sixty bytes in all; client and port follow from the flow.
        private func write(flow: Int, into frame: inout Frame) {
            let port = UInt16(1_024 + flow / 32_768 % 60_000)
            let client = flow % 32_768
            var header: [UInt8] = [0x45, 0, 0, 46, 0, 0, 0x40, 0, 64, 17, 0, 0, 10, 99]
            header += [UInt8(128 + client >> 8), UInt8(client & 0xFF), 10, 99, 0, 1]
            var sum: UInt32 = 0
            for index in stride(from: 0, to: 20, by: 2) {
                sum += UInt32(header[index]) << 8 | UInt32(header[index + 1])
            }
            sum = (sum & 0xFFFF) + (sum >> 16)
            let checksum = ~UInt16(truncatingIfNeeded: (sum & 0xFFFF) + (sum >> 16))
            header[10] = UInt8(checksum >> 8)
            header[11] = UInt8(checksum & 0xFF)
            var bytes: [UInt8] = [2, 0, 0, 0, 0, station, 2, 0, 0, 0, 0, 1, 8, 0]
            bytes += header
            bytes += [UInt8(port >> 8), UInt8(port & 0xFF), UInt8(ForwardLab.port >> 8), UInt8(ForwardLab.port & 0xFF)]
            bytes += [0, 26, 0, 0] + Array(repeating: 0, count: 18)
            _ = unsafe frame.replaceBytes(with: bytes.span.bytes)
        }
    }
#endif
