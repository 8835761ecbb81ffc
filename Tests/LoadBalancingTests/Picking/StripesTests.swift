import Dispatch
import Synchronization
import Testing

@testable import LoadBalancing

@Suite struct StripesTests {
    @Test func oneCopyUntilThreadsCollide() throws {
        let stripes = Stripes<Int>(limit: 4) { $0 }
        #expect(stripes.table.count == 1)
        for _ in 0..<100 {
            let stripe = try #require(stripes.tryAcquire())
            #expect(stripe.withValue { $0 } == 0)
            stripe.unlock()
        }
        #expect(stripes.table.count == 1)
    }

    /// While the only copy is held, others use the overflow copy, numbered after the last possible one; the fourth time,
    /// the copies double.
    @Test func collisionsDoubleTheCopies() throws {
        let stripes = Stripes<Int>(limit: 4) { $0 }
        let held = try #require(stripes.tryAcquire())
        #expect(stripes.tryAcquire() == nil)
        #expect((0..<3).map { _ in stripes.withValue { $0 } } == [4, 4, 4])
        #expect(stripes.table.count == 1)
        _ = stripes.withValue { $0 }
        #expect(stripes.table.count == 2)
        // The held copy is passed over for the other.
        #expect(stripes.withValue { $0 } == 1)
        held.unlock()
    }

    @Test func aLimitOfOneIsOneCopy() {
        for limit in [-3, 0, 1] {
            let stripes = Stripes<Int>(limit: limit) { $0 }
            #expect(stripes.tryAcquire() == nil)
            for expected in 0..<10 { #expect(stripes.withValue { value in (value, value += 1).0 } == expected) }
        }
    }

    /// An update does not wait for who holds a copy, but nobody who comes later sees the old value.
    @Test func updatesReachCopiesThatAreHeld() throws {
        let stripes = Stripes<Int>(limit: 2) { _ in 0 }
        let held = try #require(stripes.tryAcquire())
        stripes.update(make: { _ in 9 }) { value, _ in
            let old = value
            value += 7
            return old
        }
        #expect(held.withValue { $0 } == 0)
        // The overflow copy is new, since the other one is held.
        #expect(stripes.withValue { $0 } == 7)
        held.unlock()
        #expect(stripes.tryAcquire() == nil)
        #expect(stripes.withValue { $0 } == 7)
        let stripe = try #require(stripes.tryAcquire())
        #expect(stripe.withValue { $0 } == 7)
        stripe.unlock()
    }

    @Test func oldValuesAreDestroyedByTheUpdate() {
        final class Witness: Sendable {}
        weak var witness: Witness?
        let stripes: Stripes<Witness>
        do {
            let object = Witness()
            witness = object
            stripes = Stripes(limit: 1) { [object] _ in object }
        }
        #expect(witness != nil)
        stripes.update(make: { _ in Witness() }) { value, _ in
            let old = value
            value = Witness()
            return old
        }
        #expect(witness == nil)
    }

    /// Many threads add to whatever copy they get: nothing is lost, and nobody is alone with a copy that another uses.
    @Test func exclusiveUnderContention() {
        final class Sum: Sendable {
            let stripes = Stripes<Int>(limit: 8) { _ in 0 }
        }
        let sum = Sum()
        DispatchQueue.concurrentPerform(iterations: 8) { _ in
            for _ in 0..<5_000 {
                if let stripe = sum.stripes.tryAcquire() {
                    stripe.withValue { $0 += 1 }
                    stripe.unlock()
                } else {
                    sum.stripes.withValue { $0 += 1 }
                }
            }
        }
        let table = (0..<sum.stripes.table.count).compactMap { sum.stripes.table[$0]?.withValue { $0 } }
        #expect(table.reduce(0, +) + sum.stripes.overflow.withLock { $0 } == 40_000)
    }
}
