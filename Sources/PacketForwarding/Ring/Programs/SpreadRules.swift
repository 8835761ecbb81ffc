#if os(Linux)
    /// What ``WorkerSpread`` goes by, as a program in the kernel can have it.
    struct SpreadRules: Hashable {
        /// A source address of full NAT, and whose it is.
        struct Source: Hashable {
            let address: IPAddress
            let worker: Int
        }

        /// The addresses of services, none of which lies in another.
        let served: [IPPrefix]
        /// Full NAT's sources that are no service's.
        let sources: [Source]
        let seed: UInt64
        let workers: Int

        /// What control has published.
        init(_ control: ForwardingControl, workers: Int) {
            let plan = control.plan
            let sources = plan.sourceAddresses.compactMap { address in
                plan.owner(ofSource: address, workers: workers).map { Source(address: address, worker: $0) }
            }
            self.init(
                control.configuration.services.map(\.address), sources: sources, seed: plan.fleetSeed, workers: workers)
        }

        /// Rules for services with these addresses, and for these sources.
        init(_ served: [IPPrefix], sources: [Source], seed: UInt64, workers: Int) {
            let served = IPPrefix.disjoint(served)
            self.served = served
            self.sources = sources.filter { source in !served.contains { $0.contains(source.address) } }
            self.seed = seed
            self.workers = workers
        }
    }

    extension IPAddress {
        /// The prefix of this address alone.
        var prefix: IPPrefix {
            guard let prefix = IPPrefix(self, bitCount: bitWidth) else {
                preconditionFailure("an address has as many bits as it has")
            }
            return prefix
        }
    }

    extension IPPrefix {
        /// The prefixes in their order, without those that lie in others.
        static func disjoint(_ prefixes: some Sequence<IPPrefix>) -> [IPPrefix] {
            var kept: [IPPrefix] = []
            for prefix in prefixes.sorted(by: { $0.precedes($1) }) {
                if let last = kept.last, last.contains(prefix.address) { continue }
                kept.append(prefix)
            }
            return kept
        }

        private func precedes(_ other: IPPrefix) -> Bool {
            let (own, others) = (address, other.address)
            return (own.version.rawValue, own.high, own.low, bitCount)
                < (others.version.rawValue, others.high, others.low, other.bitCount)
        }
    }
#endif
