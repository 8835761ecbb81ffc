import Synchronization
import Testing

@testable import LoadBalancing

/// Picks the first backend; a request with key 1 stops inside the pick until the test lets it go on.
private struct HaltingPolicy: Policy {
    let turnstile: Turnstile

    struct P: Picker {
        let turnstile: Turnstile

        mutating func pick(_ request: PickRequest, from pool: borrowing BackendPool) -> Int? {
            if request.keyHash == 1 { turnstile.pass() }
            return pool.count > 0 ? 0 : nil
        }
    }

    func makePicker(for pool: borrowing BackendPool, seed: UInt64) -> P { P(turnstile: turnstile) }
}

@Suite struct SharedPickerTests {
    @Test(arguments: [1, 64])
    func theOrderIsExactWhileThreadsComeInTurn(limit: Int) {
        let shared = SharedPicker(
            RoundRobinPolicy(start: 0), pool: ScriptedPool(count: 3).pool(), seed: 1, stripeLimit: limit)
        let order = Order()
        ThreadTeam.inTurn(5) { _ in
            for _ in 0..<7 { order.add(shared.pick()) }
        }
        #expect(order.all == (0..<35).map { $0 % 3 })
    }

    @Test(arguments: PolicyName.allCases)
    func picksAsABarePickerDoes(name: PolicyName) {
        let scripted = ScriptedPool(weights: [1, 5, 2], inFlight: [1, 3, 0])
        var bare = name.policy.makePicker(for: scripted.pool(), seed: 9)
        bare.diverge(PickerSeed(copy: 0, common: 9))
        let shared = SharedPicker(name.policy, pool: scripted.pool(), seed: 9)
        for key in 0..<200 {
            let request = PickRequest(keyHash: key % 2 == 0 ? Mixing.mix(UInt64(key)) : nil)
            #expect(shared.pick(request) == scripted.pick(with: &bare, for: request), "\(key)")
        }
    }

    @Test(arguments: [3, 7, 16])
    func withALimitOfOneEverybodyHasExactlyItsTurns(backends: Int) {
        let shared = SharedPicker(
            RoundRobinPolicy(), pool: ScriptedPool(count: backends).pool(), seed: 1, stripeLimit: 1)
        let rounds = 500
        let order = Order()
        ThreadTeam(8) { _ in
            var mine: [Int?] = []
            for _ in 0..<backends * rounds { mine.append(shared.pick()) }
            order.add(contentsOf: mine)
        }.join()
        for backend in 0..<backends {
            #expect(order.all.count { $0 == backend } == 8 * rounds, "\(backend)")
        }
    }

    @Test func copiesTogetherAreFairAsWell() {
        let shared = SharedPicker(RoundRobinPolicy(), pool: ScriptedPool(count: 5).pool(), seed: 1, stripeLimit: 8)
        let order = Order()
        ThreadTeam(8) { _ in
            var mine: [Int?] = []
            for _ in 0..<2_000 { mine.append(shared.pick()) }
            order.add(contentsOf: mine)
        }.join()
        // Each of up to eight stripes and the overflow copy is at most one turn ahead or behind.
        for backend in 0..<5 { #expect(abs(order.all.count { $0 == backend } - 3_200) <= 9, "\(backend)") }
    }

    @Test func nobodyToPickIsNil() {
        let down = Admission(gate: .down)
        #expect(SharedPicker(RoundRobinPolicy(), pool: ScriptedPool(count: 0).pool()).pick() == nil)
        let scripted = ScriptedPool(weights: [1, 0], admissions: [down])
        #expect(SharedPicker(UniformRandomPolicy(), pool: scripted.pool()).pick() == nil)
    }

    @Test func anUpdateChangesThePool() {
        let shared = SharedPicker(RoundRobinPolicy(start: 0), pool: ScriptedPool(count: 4).pool(), seed: 1)
        #expect((0..<3).map { _ in shared.pick() } == [0, 1, 2])
        shared.update(RoundRobinPolicy(start: 0), pool: ScriptedPool(count: 5).pool())
        #expect((0..<3).map { _ in shared.pick() } == [3, 4, 0], "turns go on")
        shared.update(RoundRobinPolicy(start: 0), pool: ScriptedPool(count: 1).pool())
        #expect((0..<3).map { _ in shared.pick() } == [0, 0, 0])
    }

    /// What follows from the key alone is read without a lock: no copy is made of the picker, however many threads pick at once.
    @Test func threadsThatPickByKeyNeedNoCopies() {
        let scripted = ScriptedPool(count: 5)
        let shared = SharedPicker(RendezvousPolicy(), pool: scripted.pool(), seed: 1)
        let keys = keyHashes(200)
        var bare = RendezvousPolicy().makePicker(for: scripted.pool(), seed: 1)
        let owners = keys.map { scripted.pick(with: &bare, for: PickRequest(keyHash: $0)) }
        let differing = Atomic<Int>(0)
        ThreadTeam(8) { _ in
            for _ in 0..<20 {
                let picks = keys.map { shared.pick(PickRequest(keyHash: $0)) }
                if picks != owners { differing.wrappingAdd(1, ordering: .relaxed) }
            }
        }.join()
        #expect(differing.load(ordering: .relaxed) == 0)
        #expect(shared.stripes.table.count == 1)
        #expect(SharedPicker(RoundRobinPolicy(), pool: scripted.pool()).first == nil, "turns are changed by each pick")
    }

    /// Gates, fractions and what was tried count also where no lock is taken.
    @Test func admissionsCountWithoutALockToo() {
        let scripted = ScriptedPool(count: 3)
        let shared = SharedPicker(StaticHashPolicy(), pool: scripted.pool(), seed: 1)
        #expect(shared.pick(PickRequest(keyHash: 1)) == 1)
        scripted.setAdmission(Admission(gate: .down), at: 1)
        let second = shared.pick(PickRequest(keyHash: 1))
        #expect(second != nil && second != 1)
        scripted.setAdmission(.full, at: 1)
        #expect(shared.pick(PickRequest(keyHash: 1)) == 1)
        #expect(shared.pick(scripted.request(tried: [1], keyHash: 1)) == second)
    }

    /// Threads pick by key while others replace the pool: no pick that begins after an update has returned is of a pool before.
    ///
    /// The n-th pool has n backends, and the last of them alone has a weight: an index tells of which pool it is.
    @Test func updatesReachThreadsThatPickByKey() {
        @Sendable func pool(_ number: Int) -> BackendPool {
            ScriptedPool(weights: (1...number).map { $0 == number ? 1 : 0 }).pool()
        }
        let shared = SharedPicker(RendezvousPolicy(), pool: pool(1), seed: 1)
        let inForce = Atomic<Int>(1)
        let strays = Atomic<Int>(0)
        let updates = 60
        ThreadTeam(4) { number in
            if number == 0 {
                for number in 2...updates {
                    shared.update(RendezvousPolicy(), pool: pool(number))
                    inForce.store(number, ordering: .releasing)
                }
                return
            }
            var random = SeededGenerator(seed: UInt64(number))
            while true {
                let least = inForce.load(ordering: .acquiring)
                let index = shared.pick(PickRequest(keyHash: random.next()))
                if (index ?? -1) + 1 < least { strays.wrappingAdd(1, ordering: .relaxed) }
                if least == updates { return }
            }
        }.join()
        #expect(strays.load(ordering: .relaxed) == 0)
    }

    @Test func drawsAreNewAfterEachUpdate() {
        let scripted = ScriptedPool(count: 4)
        let shared = SharedPicker(UniformRandomPolicy(), pool: scripted.pool(), seed: 1)
        var counts = [0, 0, 0, 0]
        for _ in 0..<400 {
            shared.update(UniformRandomPolicy(), pool: scripted.pool())
            if let index = shared.pick() { counts[index] += 1 }
        }
        // 400 draws: 100 each, with a standard deviation of √(400 · ¼ · ¾) = 8.7; eight of them.
        for count in counts { #expect(abs(count - 100) < 70, "\(counts)") }
    }

    @Test func aHaltedPickStallsNeitherPicksNorUpdates() throws {
        let turnstile = Turnstile()
        var hosts = Witness()
        func backend(_ name: String) -> Backend<Host> {
            let host = Host(name)
            hosts.watch(host)
            return Backend(id: name, endpoint: host)
        }
        let balancer = try Balancer(policy: HaltingPolicy(turnstile: turnstile), backends: [backend("a")], seed: 1)
        let halted = ThreadTeam(1) { _ in
            do {
                let lease = try balancer.lease(for: PickRequest(keyHash: 1))
                #expect([lease.id] == ["a"], "it began when a was in the set")
                lease.finish()
            } catch {
                Issue.record(error)
            }
        }
        turnstile.waitUntilInside()
        #expect(try balancer.withBackend { $0.id } == "a")
        try balancer.update([backend("b")])
        #expect(balancer.snapshot().backends.map(\.id) == ["b"])
        #expect(try balancer.withBackend { $0.id } == "b")
        #expect(hosts.living == 2, "the halted pick uses the old set")
        try balancer.update([backend("c")])
        for _ in 0..<50 { #expect(try balancer.withBackend { $0.id } == "c") }
        #expect(hosts.living == 2, "b is gone")

        turnstile.release()
        halted.join()
        let names = Order()
        ThreadTeam.inTurn(16) { _ in
            for _ in 0..<4 {
                do { try balancer.withBackend { names.add($0.id == "c" ? 1 : 0) } } catch { Issue.record(error) }
            }
        }
        #expect(names.all == Array(repeating: 1, count: 64))
        try balancer.update([backend("d")])
        #expect(hosts.living == 1, "nobody holds an old set any more")
        #expect(balancer.snapshot().draining.isEmpty)
    }

    @Test func theNextUserOfAStaleCopyFreesTheOldSet() throws {
        let turnstile = Turnstile()
        var hosts = Witness()
        func backend(_ name: String) -> Backend<Host> {
            let host = Host(name)
            hosts.watch(host)
            return Backend(id: name, endpoint: host)
        }
        let balancer = try Balancer(
            policy: HaltingPolicy(turnstile: turnstile), backends: [backend("a")], seed: 1, stripeLimit: 2)
        let halted = ThreadTeam(1) { _ in
            do { try balancer.lease(for: PickRequest(keyHash: 1)).finish() } catch { Issue.record(error) }
        }
        turnstile.waitUntilInside()
        try balancer.update([backend("b")])
        turnstile.release()
        halted.join()
        #expect(balancer.stripes.table.count == 1, "nobody collided: the next pick is the stale copy's")
        #expect(hosts.living == 2)
        #expect(try balancer.withBackend { $0.id } == "b")
        #expect(hosts.living == 1)
    }
}

/// Picks from several threads.
private final class Order: Sendable {
    private let picks = Guarded<[Int?]>([])

    func add(_ pick: Int?) { picks.withLock { $0.append(pick) } }
    func add(contentsOf more: [Int?]) { picks.withLock { $0 += more } }
    var all: [Int?] { picks.withLock { $0 } }
}
