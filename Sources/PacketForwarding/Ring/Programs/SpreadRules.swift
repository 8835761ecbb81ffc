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
#endif
