#if os(Linux)
    extension ForwardingConfiguration {
        /// Checks whether workers can share the configuration, which is one that was checked.
        ///
        /// - Parameter workers: how many.
        /// - Throws: ``ForwardingWorkersError`` for the first thing that is in their way.
        public func check(workers: Int) throws(ForwardingWorkersError) {
            guard WorkerOptions.counts.contains(workers) else { throw .workerCount(workers) }
            guard workers > 1 else { return }
            for service in services where service.mode == .fullNAT && service.sourceAddresses.count < workers {
                throw .tooFewSources(
                    service: service.name, addresses: service.sourceAddresses.count, workers: workers)
            }
            for (index, service) in services.enumerated() {
                let other = services[..<index].first { other in
                    other.sourceAddresses != service.sourceAddresses
                        && !Set(other.sourceAddresses).isDisjoint(with: service.sourceAddresses)
                }
                if let other { throw .sharedSources(service: service.name, other: other.name) }
            }
            let sources = Set(services.flatMap(\.sourceAddresses))
            let rules = SpreadRules(
                services.map(\.address), sources: sources.map { SpreadRules.Source(address: $0, worker: 0) }, seed: 0,
                workers: workers)
            guard SpreadProgram(rules, flooded: Array(repeating: false, count: workers), longest: 0).program != nil
            else {
                throw .tooManyAddresses(rules.served.count + rules.sources.count)
            }
        }
    }
#endif
