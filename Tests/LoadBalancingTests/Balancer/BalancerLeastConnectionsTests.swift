import Testing

@testable import LoadBalancing

/// What least connections should know: kept beside a balancer, in plain numbers.
private struct LoadModel {
    struct Member {
        var weight: Int
        var admission = Admission.full
        var share: UInt64 { admission.gate == .open ? UInt64(weight) * UInt64(admission.steps) : 0 }
    }

    var members: [String: Member] = [:]
    var loads: [String: UInt64] = [:]

    /// Whether nobody else that may be chosen has less load for its share than `id`.
    func isLeast(_ id: String, without tried: Set<String>) -> Bool {
        guard let chosen = members[id], chosen.share > 0, !tried.contains(id) else { return false }
        return members.allSatisfy { name, other in
            guard other.share > 0, !tried.contains(name) else { return true }
            let mine = loads[id, default: 0].multipliedFullWidth(by: other.share)
            let theirs = loads[name, default: 0].multipliedFullWidth(by: chosen.share)
            return (mine.high, mine.low) <= (theirs.high, theirs.low)
        }
    }

    func isAnybodyLeft(without tried: Set<String>) -> Bool {
        members.contains { $0.value.share > 0 && !tried.contains($0.key) }
    }
}

@Suite struct BalancerLeastConnectionsTests {
    @Test(arguments: 0..<40 as Range<UInt64>)
    func picksALeastLoadedWhateverHappens(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let balancer = try Balancer<String, _>(policy: LeastConnectionsPolicy(), backends: [], seed: seed)
        var worker = balancer.makeWorker()
        var model = LoadModel()
        var held: [SharedLease<String>] = []

        func update() throws {
            let count = Int(random.next(below: 40))
            var backends: [Backend<String>] = []
            for name in 0..<count where random.next(below: 4) > 0 {
                backends.append(Backend("\(name)", weight: Int(random.next(below: 5))))
            }
            try balancer.update(backends)
            var members: [String: LoadModel.Member] = [:]
            for backend in backends {
                members[backend.id] = LoadModel.Member(
                    weight: backend.weight, admission: model.members[backend.id]?.admission ?? .full)
            }
            model.members = members
        }

        func admit() {
            guard let id = model.members.keys.sorted().randomElement(using: &random) else { return }
            let gate: Gate = random.next(below: 4) > 0 ? .open : Gate.allCases[random.nextIndex(below: 4)]
            let admission = Admission(
                gate: gate, fraction: random.next(below: 2) == 0 ? 1 : Double(random.next(below: 5)) / 4)
            #expect(balancer.setAdmission(admission, for: id))
            model.members[id]?.admission = admission
        }

        func pick() throws {
            var tried: Set<String> = []
            var request = PickRequest()
            for (slot, backend) in zip(balancer.slotsInForce, balancer.snapshot().backends)
            where random.next(below: 3) == 0 && tried.count < Int(random.next(below: 9)) {
                tried.insert(backend.id)
                request.tried.insert(slot.id)
            }
            do throws(BalancerError) {
                let lease =
                    random.next(below: 3) > 0 ? try balancer.lease(for: request) : try worker.lease(for: request)
                let id = lease.id
                #expect(model.isLeast(id, without: tried), "seed \(seed): \(id) without \(tried) in \(model)")
                model.loads[id, default: 0] += 1
                held.append(lease.share())
            } catch {
                #expect(!model.isAnybodyLeft(without: tried), "seed \(seed): \(error)")
            }
        }

        func finish() {
            guard !held.isEmpty else { return }
            let lease = held.remove(at: random.nextIndex(below: held.count))
            model.loads[lease.backend.id, default: 0] -= 1
            lease.finish()
        }

        try update()
        for _ in 0..<400 {
            switch random.next(below: 40) {
            case 0: try update()
            case 1..<5: admit()
            case 5..<24: try pick()
            default: finish()
            }
        }
        for backend in balancer.snapshot().backends {
            #expect(backend.inFlight == Int(model.loads[backend.id, default: 0]), "seed \(seed)")
        }
        held.removeAll()
        #expect(balancer.snapshot().inFlight == 0 && balancer.snapshot().draining.isEmpty, "seed \(seed)")
    }

    @Test(arguments: [1, 4, 5, 17, 63, 64, 65, 100, 300])
    func retriesGoElsewhereAmongAnyNumberOfBackends(count: Int) throws {
        let balancer = try LoadBalancer(
            policy: .leastConnections, backends: (0..<count).map { Backend("\($0)") }, seed: 1)
        // One is idle, and was tried; all others have a lease.
        var held = try (0..<count).map { _ in try balancer.lease().share() }
        var request = PickRequest()
        for _ in 0..<min(count - 1, 7) {
            let idle = held.removeFirst()
            request.tried.insert(try idle.stream().slotID)
            idle.finish(.failure)
            let tried = request.tried
            let lease = try balancer.lease(for: request)
            #expect([tried.contains(lease.slotID)] == [false])
            lease.finish()
        }
        held.removeAll()
        #expect(balancer.snapshot().inFlight == 0)
    }

    @Test func anIdleSystemFollowsTheWeights() throws {
        let balancer = try LoadBalancer(
            policy: .leastConnections, backends: [Backend("a", weight: 5), Backend("b"), Backend("c", weight: 2)],
            seed: 1)
        let names = try balancer.picks(80)
        for (name, count) in [("a", 50), ("b", 10), ("c", 20)] {
            // 1 + (n − 2) · w/W, as in the tests of the load index.
            #expect(abs(names.count { String($0) == name } - count) <= 2, "\(names)")
        }
    }

    @Test func aFractionIsALighterWeight() throws {
        let balancer = try LoadBalancer(policy: .leastConnections, backends: LoadBalancer<String>.named("ab"), seed: 1)
        balancer.setAdmission(Admission(fraction: 0.25), for: "a")
        let held = try (0..<100).map { _ in try balancer.lease().share() }
        #expect(balancer.snapshot()["a"]?.inFlight == 20)
        #expect(balancer.snapshot()["b"]?.inFlight == 80)
        held.forEach { $0.finish() }
        let names = try balancer.picks(100)
        #expect(abs(names.count { $0 == "a" } - 20) <= 1, "idle, it gets its share as well")
    }
}
