/// What a dialect may be told besides its name; `nil` where it is not told, or has no such parameter.
struct RingParameters: Hashable, Codable {
    var pointsPerBackend: Int?
    var pointMultiple: Int?
    var minimumRingSize: Int?
    var maximumRingSize: Int?
    var hashTag: String?
    var names: String?

    /// A parameter that the dialect does not have, or a value that it does not take.
    struct Unfit: Error {
        let description: String
    }

    /// The names of those that are told.
    private var told: [String] {
        let all: [(name: String, isTold: Bool)] = [
            ("pointsPerBackend", pointsPerBackend != nil), ("pointMultiple", pointMultiple != nil),
            ("minimumRingSize", minimumRingSize != nil), ("maximumRingSize", maximumRingSize != nil),
            ("hashTag", hashTag != nil), ("names", names != nil),
        ]
        return all.filter(\.isTold).map(\.name)
    }

    /// Checks that all that is told is among what `dialect` has, and that numbers are in range.
    fileprivate func check(for dialect: RingDialect) throws(Unfit) {
        let known = dialect.parameterNames
        if let stranger = told.first(where: { !known.contains($0) }) {
            let names = known.isEmpty ? "none" : "only " + known.joined(separator: " and ")
            throw Unfit(description: "the dialect \"\(dialect.name)\" has no parameter \(stranger), it has \(names)")
        }
        for number in [pointsPerBackend, pointMultiple, minimumRingSize, maximumRingSize] {
            guard let number, !(1...HashRing.maximumPointCount ~= number) else { continue }
            throw Unfit(description: "points go from 1 to \(HashRing.maximumPointCount), not \(number)")
        }
    }
}

extension RingDialect {
    /// The names of the parameters that the dialect has.
    fileprivate var parameterNames: [String] {
        switch (counts, keyHash) {
        case (.fixed, _) where places == .standard: ["pointsPerBackend"]
        case (.perWeight, _) where order == .byAddress: ["pointMultiple"]
        case (.envoy, _): ["minimumRingSize", "maximumRingSize"]
        case (_, .twemproxy): ["hashTag"]
        case _ where name.hasPrefix("spymemcached"): ["names"]
        default: []
        }
    }

    /// The values of the parameters that the dialect has.
    var parameters: RingParameters {
        var parameters = RingParameters()
        switch (counts, keyHash) {
        case (.fixed(let count), _) where places == .standard: parameters.pointsPerBackend = count
        case (.perWeight(let count), _) where order == .byAddress: parameters.pointMultiple = count
        case (.envoy(let minimum, let maximum), _):
            (parameters.minimumRingSize, parameters.maximumRingSize) = (minimum, maximum)
        case (_, .twemproxy(_, let tag)):
            parameters.hashTag = tag.map { String(decoding: [$0.opening, $0.closing], as: UTF8.self) }
        case _ where name.hasPrefix("spymemcached"):
            parameters.names = text == .libmemcached ? "libmemcached" : "spymemcached"
        default: break
        }
        return parameters
    }

    /// The same dialect, told some parameters.
    func with(_ parameters: RingParameters) throws(RingParameters.Unfit) -> RingDialect {
        try parameters.check(for: self)
        var dialect = self
        switch counts {
        case .fixed(let count) where places == .standard:
            dialect.counts = .fixed(parameters.pointsPerBackend ?? count)
        case .perWeight(let count): dialect.counts = .perWeight(parameters.pointMultiple ?? count)
        case .envoy(let minimum, let maximum):
            dialect.counts = .envoy(
                minimum: parameters.minimumRingSize ?? minimum, maximum: parameters.maximumRingSize ?? maximum)
        default: break
        }
        if case .twemproxy(let hash, _) = keyHash, let text = parameters.hashTag {
            guard let tag = HashTag(text) else {
                throw RingParameters.Unfit(description: "a hash tag is two characters such as {}, not \"\(text)\"")
            }
            dialect.keyHash = .twemproxy(hash, tag)
        }
        if let names = parameters.names {
            switch names {
            case "spymemcached": dialect.text = .socketAddress
            case "libmemcached": dialect.text = .libmemcached
            default:
                throw RingParameters.Unfit(description: "names are spymemcached or libmemcached, not \"\(names)\"")
            }
        }
        return dialect
    }
}
