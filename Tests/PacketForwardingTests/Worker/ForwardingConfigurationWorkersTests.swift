#if os(Linux)
    import LoadBalancing
    import Testing

    @testable import PacketForwarding

    struct ForwardingConfigurationWorkersTests {
        private static let addresses = (100..<104 as Range<UInt32>).map { IPAddress(v4: 0x0A00_0000 + $0) }

        /// What is checked beforehand is what workers would refuse.
        @Test(arguments: [(0, false), (1, true), (85, true), (86, false), (-1, false)])
        func thereAreOnlySoMany(count: Int, isFine: Bool) throws {
            let configuration = try EngineLab.configuration([EngineLab.service(.dsr)])
            do throws(ForwardingWorkersError) {
                try configuration.check(workers: count)
                #expect(isFine)
            } catch {
                #expect(!isFine && error == .workerCount(count))
            }
        }

        /// A source address belongs to one worker: services have all of them in common, or none.
        @Test(arguments: [
            ([0, 1], [0, 1], true), ([0, 1], [2, 3], true), ([0, 1], [1, 2], false), ([0, 1], [1, 0], false),
            ([0, 1], [0, 1, 2], false),
        ])
        func sourcesAreSharedAltogetherOrNotAtAll(first: [Int], second: [Int], isFine: Bool) throws {
            var services = [1, 2].map { EngineLab.service(.fullNAT, name: "service \($0)") }
            services[1].port = 81
            services[0].sourceAddresses = first.map { Self.addresses[$0] }
            services[1].sourceAddresses = second.map { Self.addresses[$0] }
            let configuration = try EngineLab.configuration(services)
            try configuration.check(workers: 1)
            do throws(ForwardingWorkersError) {
                try configuration.check(workers: 2)
                #expect(isFine)
            } catch {
                #expect(!isFine && error == .sharedSources(service: "service 2", other: "service 1"))
            }
        }
    }
#endif
