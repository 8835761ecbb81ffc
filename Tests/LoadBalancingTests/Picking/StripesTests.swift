import Synchronization
import Testing

@testable import LoadBalancing

/// What each stripe of a test holds.
private struct Tally: Sendable {
    /// The number of the copy.
    let copy: Int
    /// Which update made it; 0 before the first.
    var edition = 0
    /// Uses of this copy.
    var count = 0
}

extension Stripes<Tally> {
    fileprivate convenience init(limit: Int) {
        self.init(limit: limit, make: { Tally(copy: $0) })
    }

    /// As the pickers use stripes: the thread's own copy, or any other.
    fileprivate func use<Result>(_ body: (inout Tally) -> Result) -> Result {
        if let stripe = tryAcquire() {
            defer { stripe.unlock() }
            return body(&stripe.value)
        }
        return withValue(body)
    }

    /// Brings all copies to an edition, and gives what those were that nobody was using.
    fileprivate func update(to edition: Int) -> [Tally] {
        let old = Tallies()
        update(
            make: { Tally(copy: $0, edition: edition) },
            install: { value, copy in
                let before = value
                old.all.withLock { $0.append(before) }
                value.edition = edition
                return before
            })
        return old.all.withLock { $0 }
    }
}

private final class Tallies: Sendable {
    let all = Guarded<[Tally]>([])
}

@Suite struct StripesTests {
    @Test(arguments: [(0, 1), (1, 1), (2, 2), (3, 4), (64, 64), (65, 128), (1 << 20, 4_096)])
    func theLimitIsRoundedUp(asked: Int, limit: Int) {
        let stripes = Stripes<Tally>(limit: asked)
        #expect(stripes.table.limit == limit)
        #expect(stripes.table.count == (limit == 1 ? 0 : 1), "one copy at first")
    }

    @Test(arguments: [1, 2, 64])
    func threadsThatComeOneAfterAnotherShareOneCopy(limit: Int) {
        let stripes = Stripes<Tally>(limit: limit)
        let log = Log()
        ThreadTeam.inTurn(6) { _ in
            for _ in 0..<10 {
                let use = stripes.use { tally in
                    tally.count += 1
                    return tally.count
                }
                log.add(use)
            }
        }
        #expect(log.all == Array(1...60), "one order")
        #expect(stripes.table.count <= 1)
    }

    @Test(arguments: [1, 2, 4, 64])
    func noUseIsLost(limit: Int) {
        let stripes = Stripes<Tally>(limit: limit)
        let (threads, uses) = (8, 4_000)
        ThreadTeam(threads) { _ in
            for _ in 0..<uses {
                let count = stripes.use { tally in
                    tally.count += 1
                    return tally.count
                }
                precondition(count > 0)
            }
        }.join()
        #expect(stripes.table.count <= limit)
        let tallies = stripes.update(to: 1)
        #expect(tallies.reduce(0) { $0 + $1.count } == threads * uses)
        #expect(Set(tallies.map(\.copy)).count == tallies.count, "each copy has a number of its own")
        #expect(tallies.count == stripes.table.count + 1, "the stripes and the overflow copy")
    }

    @Test func withALimitOfOneThereIsOneOrder() {
        let stripes = Stripes<Tally>(limit: 1)
        let log = Log()
        ThreadTeam(8) { _ in
            var mine: [Int] = []
            for _ in 0..<2_000 {
                mine.append(
                    stripes.use { tally in
                        tally.count += 1
                        return tally.count
                    })
            }
            #expect(zip(mine, mine.dropFirst()).allSatisfy { $0 < $1 }, "a thread never goes back in the order")
            log.add(contentsOf: mine)
        }.join()
        #expect(log.all.sorted() == Array(1...16_000), "each place of the order was taken once")
    }

    @Test(arguments: [2, 4, 8])
    func growsWhileCopiesAreTakenUpToTheLimit(limit: Int) {
        let stripes = Stripes<Tally>(limit: limit)
        var holders: [(Turnstile, ThreadTeam)] = []
        // Holders that stop inside take one stripe each as long as there is a free one; then one the overflow copy.
        for _ in 0..<2 {
            let turnstile = Turnstile()
            let team = ThreadTeam(1) { _ in
                stripes.use { tally in
                    tally.count += 1
                    if tally.copy < limit { turnstile.pass() } else { turnstile.release() }
                }
            }
            turnstile.waitUntilInside()
            holders.append((turnstile, team))
            ThreadTeam(4) { _ in
                for _ in 0..<100 { stripes.use { $0.count += 1 } }
            }.join()
            #expect(stripes.table.count <= limit)
        }
        for (turnstile, team) in holders {
            turnstile.release()
            team.join()
        }
        #expect(stripes.table.count > 1, "4 collisions are enough to double")
        #expect(stripes.table.count <= limit)
        #expect(stripes.update(to: 1).reduce(0) { $0 + $1.count } == 2 + 2 * 4 * 100)
    }

    @Test func aHolderThatStandsStillStallsNobody() {
        let stripes = Stripes<Tally>(limit: 8)
        let turnstile = Turnstile()
        let holder = ThreadTeam(1) { _ in
            stripes.use { tally in
                #expect(tally.edition == 0)
                turnstile.pass()
                #expect(tally.edition == 0, "nobody touches what it uses")
            }
        }
        turnstile.waitUntilInside()
        #expect(stripes.use(\.edition) == 0, "others go on")
        #expect(stripes.use(\.copy) != 0)
        #expect(stripes.update(to: 1).map(\.copy) == [8], "so does an update")
        for _ in 0..<20 { #expect(stripes.use(\.edition) == 1) }
        #expect(stripes.update(to: 2).allSatisfy { $0.edition == 1 })
        ThreadTeam(4) { _ in
            for _ in 0..<20 { #expect(stripes.use(\.edition) == 2) }
        }.join()

        turnstile.release()
        holder.join()
        // The copy that was in use missed two updates; whoever comes next brings it up to date first.
        ThreadTeam.inTurn(8) { _ in
            for _ in 0..<20 { #expect(stripes.use(\.edition) == 2) }
        }
        let editions = stripes.update(to: 3)
        #expect(editions.count == stripes.table.count + 1)
        #expect(editions.allSatisfy { $0.edition == 2 || $0.copy == 0 })
        #expect(stripes.update(to: 4).allSatisfy { $0.edition == 3 })
    }

    @Test func editionsNeverGoBack() {
        let stripes = Stripes<Tally>(limit: 8)
        let published = Published()
        let team = ThreadTeam(8) { _ in
            for _ in 0..<3_000 {
                let before = published.edition
                let edition = stripes.use(\.edition)
                #expect(edition >= before, "after an update has returned nobody uses an older copy")
            }
        }
        for edition in 1...300 {
            _ = stripes.update(to: edition)
            published.edition = edition
        }
        team.join()
        #expect(stripes.update(to: 301).allSatisfy { $0.edition == 300 })
    }
}

/// Numbers from several threads.
private final class Log: Sendable {
    private let numbers = Guarded<[Int]>([])

    func add(_ number: Int) { numbers.withLock { $0.append(number) } }
    func add(contentsOf more: [Int]) { numbers.withLock { $0 += more } }
    var all: [Int] { numbers.withLock { $0 } }
}

/// The last edition whose update has returned.
private final class Published: Sendable {
    private let atomic = Atomic<Int>(0)

    var edition: Int {
        get { atomic.load(ordering: .acquiring) }
        set { atomic.store(newValue, ordering: .releasing) }
    }
}
