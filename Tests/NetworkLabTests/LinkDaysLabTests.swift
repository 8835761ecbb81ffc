#if os(Linux)
    import Foundation
    import LoadBalancing
    import PacketForwarding
    import Testing

    @testable import Layer4Lab

    /// What happens to links: offloads that are off, tags, interfaces that go, and frames that the kernel refuses.
    @Suite(
        .enabled(if: NetworkLab.obstacle == nil, Comment(rawValue: NetworkLab.obstacle ?? "")), .onLabThreads,
        .serialized)
    struct LinkDaysLabTests {
        private static let hasEthtool = FileManager.default.fileExists(atPath: "/usr/sbin/ethtool")

        /// Runs a line in the shell of a host.
        private func run(_ line: String, on host: NetworkLab.Host, of lab: NetworkLab) throws {
            try Program.run("/sbin/ip", ["netns", "exec", lab.namespace(host), "/bin/sh", "-c", line])
        }

        /// Does something again until it works, for half a minute at most: links take a moment to come up.
        private func eventually(_ body: () throws -> Void) throws {
            for _ in 0..<300 {
                do { return try body() } catch { usleep(100_000) }
            }
            try body()
        }

        @Test(.enabled(if: hasEthtool, "apt-get install -y ethtool"), arguments: [ServiceMode.nat, .dsr])
        func bytesArriveWithOffloadsOff(mode: ServiceMode) throws {
            let lab = try NetworkLab(answersReturnThroughBalancer: mode == .nat)
            defer { lab.remove() }
            let off = "tso off gso off gro off tx off rx off txvlan off rxvlan off"
            for (host, devices) in [
                (NetworkLab.Host.client, ["c0", "d0"]), (.balancer, ["a0", "b0"]), (.backend, ["e0", "d1"]),
            ] {
                for device in devices { try run("ethtool -K \(device) \(off)", on: host, of: lab) }
            }
            let balancer = try LabWorkers(lab, mode: mode)
            defer { balancer.workers.stop() }
            for service in [NetworkLab.service4, NetworkLab.service6] {
                try balancer.transfer(byteCount: 2_000_000, to: service)
                try balancer.echo(byteCount: 4_000, at: service)
            }
        }

        /// Questions are answered, and packets taken, with the tag that the kernel has taken out of them.
        @Test func takesFramesWithTags() throws {
            let lab = try NetworkLab(answersReturnThroughBalancer: false)
            defer { lab.remove() }
            let balancer = try LabWorkers(lab, mode: .dsr)
            defer { balancer.workers.stop() }
            let server = try lab.inside(.backend) {
                try LabSocket.serve(NetworkLab.service4, 7, isStream: false)
            }
            let arrived = try lab.begin(.backend) { try server.receive(100) }
            let station: [UInt8] = [2, 0, 0, 0, 0, 1]
            let question =
                Array(repeating: 0xFF, count: 6) + station + [8, 6, 0, 1, 8, 0, 6, 4, 0, 1] + station
                + [10, 9, 1, 2, 0, 0, 0, 0, 0, 0, 10, 9, 0, 1]
            let datagram =
                [2, 0, 0, 0, 0, 0x0A] + station + [8, 0, 0x45, 0, 0, 32, 0, 0, 0x40, 0, 64, 17, 0x25, 0xB9]
                + [10, 9, 1, 2, 10, 9, 0, 1, 0, 9, 0, 7, 0, 12, 0, 0, 1, 2, 3, 4]
            let tags = try lab.inside(.client) { () -> [VLANTag?] in
                var link = try PacketLink("c0", number: 0, options: PacketLinkOptions(mode: .slots))
                var pool = FramePool(frameCount: 1, byteCount: 256, headroom: 64)
                var batch = FrameBatch(capacity: 64)
                for bytes in [question, datagram] {
                    guard var frame = pool.take() else { return [] }
                    _ = unsafe frame.replaceBytes(with: (bytes as [UInt8]).span.bytes)
                    frame.metadata.tag = VLANTag(control: 7)
                    link.send(&frame)
                    link.flush()
                    pool.put(frame)
                }
                var tags: [VLANTag?] = []
                for _ in 0..<200 where tags.isEmpty {
                    try link.wait(for: 10)
                    link.receive(into: &batch)
                    for index in 0..<batch.count {
                        let bytes = batch[index].withBytes { bytes in unsafe bytes.withUnsafeBytes { unsafe Array($0) }
                        }
                        let isReply = bytes.count >= 42 && bytes[12] == 8 && bytes[13] == 6 && bytes[21] == 2
                        if isReply { tags.append(batch[index].metadata.tag) }
                    }
                    batch.removeAll()
                    link.release()
                }
                return tags
            }
            #expect(tags.map { $0?.identifier } == [7])
            #expect(try arrived.wait() == [1, 2, 3, 4])
        }

        /// The interface takes questions for the addresses that are forwarded, and no longer when they are not.
        @Test func listensToTheGroupsOfItsAddresses() throws {
            let lab = try NetworkLab(answersReturnThroughBalancer: true)
            defer { lab.remove() }
            let balancer = try LabWorkers(lab, mode: .nat)
            defer { balancer.workers.stop() }
            let control = balancer.control
            var others = control.configuration
            others.services = try LabWorkers.services(at: "fd09::aa:bbcc", mode: .dsr)
            var prefixes = others
            prefixes.services[0].address = try #require(IPPrefix("fd09:77::/64"))
            let changes = [control.configuration, others, prefixes]
            let groups = try lab.inside(.balancer) { () -> [[String]] in
                let service = try NeighbourService(control)
                return try changes.map { configuration in
                    try control.update(configuration)
                    service.step()
                    let text = try String(contentsOfFile: "/proc/thread-self/net/dev_mcast", encoding: .ascii)
                    let lines = text.split(separator: "\n").filter { $0.contains("\ta0 ") || $0.contains(" a0 ") }
                    return lines.compactMap { $0.split(separator: " ").last.map(String.init) }
                }
            }
            #expect(groups[0].contains("3333ff000001") && !groups[0].contains("3333ffaabbcc"), "\(groups[0])")
            #expect(groups[1].contains("3333ffaabbcc"), "\(groups[1])")
            #expect(!groups[2].contains("3333ffaabbcc"), "\(groups[2])")
        }

        /// Sockets rejoin their group in order when the interface comes up: each client still has its worker.
        @Test func goesOnWhenAnInterfaceComesUpAgain() throws {
            let lab = try NetworkLab(answersReturnThroughBalancer: true)
            defer { lab.remove() }
            let clients = (0..<4).map { "10.9.1.\(20 + $0)" }
            for client in clients {
                try lab.on(.client, "addr", "add", "\(client)/24", "dev", "c0")
                try lab.on(.balancer, "neigh", "add", client, "lladdr", "02:00:00:00:00:01", "dev", "a0")
            }
            let balancer = try LabWorkers(lab, mode: .nat, options: WorkerOptions(count: 3))
            defer { balancer.workers.stop() }
            func worker(of client: String) throws -> Int? {
                try lab.on(.client, "route", "replace", NetworkLab.service4, "via", "10.9.1.1", "src", client)
                let before = balancer.datagramFlows
                try eventually { try balancer.echo(byteCount: 100, at: NetworkLab.service4) }
                return zip(balancer.datagramFlows, before).map { $0 > $1 }.firstIndex(of: true)
            }
            let before = try clients.map(worker)
            for device in ["a0", "b0"] {
                try lab.on(.balancer, "link", "set", device, "down")
                try lab.on(.balancer, "link", "set", device, "up")
            }
            // What the host sends them itself needs no answer here, but the client's and the backend's answers do.
            #expect(try clients.map(worker) == before)
            #expect(Set(before).count > 1 && !before.contains(nil))
            #expect(balancer.workers.failure == nil)
            try balancer.transfer(byteCount: 1_000_000, to: NetworkLab.service4)
        }

        @Test(arguments: [true, false])
        func saysThatAnInterfaceIsGone(waits: Bool) throws {
            let lab = try NetworkLab(answersReturnThroughBalancer: true)
            defer { lab.remove() }
            let balancer = try LabWorkers(lab, mode: .nat, options: WorkerOptions(waits: waits))
            defer { balancer.workers.stop() }
            try lab.on(.balancer, "link", "del", "b0")
            try eventually {
                guard balancer.workers.failure != nil else { throw LabError("nobody noticed") }
            }
            let text = balancer.workers.failure.map { "\($0)" } ?? ""
            #expect(text.contains("b0") && text.contains("there is no such interface"), "\(text)")
        }

        /// A frame that the kernel refuses is counted, and is in nobody's way.
        @Test(arguments: [true, false])
        func countsWhatTheKernelRefuses(waits: Bool) throws {
            let lab = try NetworkLab(answersReturnThroughBalancer: true)
            defer { lab.remove() }
            let balancer = try LabWorkers(lab, mode: .nat, options: WorkerOptions(waits: waits))
            defer { balancer.workers.stop() }
            try eventually { try balancer.echo(byteCount: 1_400, at: NetworkLab.service4) }
            #expect(balancer.workers.statistics.allSatisfy { $0.refused == 0 })
            try lab.on(.balancer, "link", "set", "b0", "mtu", "1000")
            #expect(throws: LabError.self) { try balancer.echo(byteCount: 1_400, at: NetworkLab.service4) }
            try eventually { try balancer.echo(byteCount: 500, at: NetworkLab.service4) }
            #expect(balancer.workers.statistics.map(\.refused) == [0, 1])
        }

        /// A burst that fills half of the slots turns a link to its blocks, which hold many times as many small frames.
        @Test func takesBurstsThatSlotsCannotHold() throws {
            let lab = try NetworkLab(answersReturnThroughBalancer: false)
            defer { lab.remove() }
            let client = "/run/netns/\(lab.namespace(.client))"
            let losses = try lab.inside(.balancer) { () -> [UInt64] in
                var link = try PacketLink("a0", number: 0, options: PacketLinkOptions(slotCount: 28))
                try Namespace.enter(client)
                var sender = try PacketLink("c0", number: 0, options: PacketLinkOptions(slotCount: 2, blockCount: 1))
                let header: [UInt8] = [2, 0, 0, 0, 0, 0x0A, 2, 0, 0, 0, 0, 1, 0x88, 0xB5]
                var pool = FramePool(frameCount: 1, byteCount: 256, headroom: 64)
                guard var frame = pool.take() else { return [] }
                _ = unsafe frame.replaceBytes(with: (header + Array(repeating: 0, count: 46)).span.bytes)
                var batch = FrameBatch(capacity: 64)
                var losses: [UInt64] = []
                // The kernel takes a moment to send them elsewhere.
                while losses.count < 20, losses.last != 0 {
                    let before = link.statistics.overrun
                    for _ in 0..<1_000 { sender.send(&frame) }
                    sender.flush()
                    for _ in 0..<100 {
                        batch.removeAll()
                        link.receive(into: &batch)
                        link.release()
                        if batch.count == 0 { usleep(1_000) }
                    }
                    losses.append(link.statistics.overrun - before)
                }
                pool.put(frame)
                return losses
            }
            #expect(losses.first.map { $0 > 900 } == true, "28 slots hold that many")
            #expect(losses.last == 0, "\(losses)")
        }
    }
#endif
