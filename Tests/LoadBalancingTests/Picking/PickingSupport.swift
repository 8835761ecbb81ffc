import LoadBalancing

extension ScriptedPool {
    /// The next picks, one after another.
    func picks<P: Picker>(_ count: Int, with picker: inout P, for request: PickRequest = .any) -> [Int?] {
        (0..<count).map { _ in pick(with: &picker, for: request) }
    }

    /// The next picks as letters: a is the first backend, "-" stands for nobody.
    func letters<P: Picker>(_ count: Int, with picker: inout P, for request: PickRequest = .any) -> String {
        picks(count, with: &picker, for: request).map(Self.letter).joined()
    }

    /// How often each of `backends` backends is picked in `picks` picks; nobody counts nowhere.
    func counts<P: Picker>(
        _ picks: Int, of backends: Int, with picker: inout P, for request: PickRequest = .any
    ) -> [Int] {
        var counts = Array(repeating: 0, count: backends)
        for _ in 0..<picks {
            if let index = pick(with: &picker, for: request) { counts[index] += 1 }
        }
        return counts
    }

    private static func letter(_ index: Int?) -> String {
        guard let index else { return "-" }
        return String(UnicodeScalar(UInt8(97 + index)))
    }

    /// A request that failed on some of this pool's backends.
    func request(tried: [Int], keyHash: UInt64? = nil) -> PickRequest {
        var request = PickRequest(keyHash: keyHash)
        for index in tried { request.tried.insert(slotID(at: index)) }
        return request
    }
}

/// What a pool says, asked without a view of it: expectations cannot hold what cannot be copied.
extension ScriptedPool {
    var isUnrestricted: Bool { pool().isUnrestricted }

    func admits(_ index: Int, for request: PickRequest) -> Bool { pool().admits(index, for: request) }
}
