#if os(Linux)
    /// Why workers cannot share a configuration.
    public enum ForwardingWorkersError: Error, Hashable, Sendable {
        /// The system refused something.
        case socket(PacketSocketError)
        /// The configuration is not as it should be.
        case configuration(ForwardingConfigurationError)
        /// There are more workers, or fewer, than there may be.
        case workerCount(Int)
        /// A service of full NAT has fewer source addresses than there are workers, each of which needs its own.
        case tooFewSources(service: String, addresses: Int, workers: Int)
        /// Services of full NAT share a part of their source addresses, so that some would belong to several workers.
        case sharedSources(service: String, other: String)
        /// There are too many addresses for the kernel's program that spreads frames over workers.
        case tooManyAddresses(Int)
        /// Interfaces came or went, for which the workers have to be made anew.
        case otherInterfaces
    }

    extension ForwardingWorkersError: CustomStringConvertible {
        /// What is wrong, and what to do.
        public var description: String {
            switch self {
            case .socket(let error): "\(error)"
            case .configuration(let error): "\(error)"
            case .workerCount(let count): "there cannot be \(count) workers; use 1 to \(LinkGroup.limit)"
            case .tooFewSources(let service, let addresses, let workers):
                "service \"\(service)\" has \(addresses) source addresses for \(workers) workers; give it \(workers) or more, "
                    + "or use fewer workers"
            case .sharedSources(let service, let other):
                "services \"\(service)\" and \"\(other)\" share a part of their source addresses; with several workers give them the "
                    + "same list, or others each"
            case .tooManyAddresses(let count):
                "\(count) addresses are too many to be spread by the kernel; use one worker, or prefixes"
            case .otherInterfaces: "the interfaces are others than before; start anew"
            }
        }
    }
#endif
