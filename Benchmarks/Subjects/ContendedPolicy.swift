import Foundation
import LoadBalancing
import Synchronization

/// A policy whose pickers, on demand, hold on to their stripe for a while, so that threads collide and stripes grow.
struct ContendedPolicy<Base: Policy>: Policy {
    let base: Base
    let contention = Contention()

    var requirements: PolicyRequirements { base.requirements }

    func makePicker(for pool: borrowing BackendPool, seed: UInt64) -> ContendedPicker<Base.P> {
        ContendedPicker(base: base.makePicker(for: pool, seed: seed), contention: contention)
    }
}

/// What a contended policy's pickers are told, and tell.
final class Contention: Sendable {
    let isOn = Atomic<Bool>(false)
    /// Copies of the picker that were made: one for each stripe, and one for the overflow.
    let copies = Atomic<Int>(0)

    /// Lets threads lease and collide until `balancer` has `stripes` stripes; `false` if it does not get there.
    func grow<Base: Policy>(_ balancer: Balancer<Int, ContendedPolicy<Base>>, to stripes: Int) -> Bool {
        isOn.store(true, ordering: .relaxed)
        defer { isOn.store(false, ordering: .relaxed) }
        for _ in 0..<200 where copies.load(ordering: .relaxed) < stripes + 1 {
            _ = ThreadTeam.run(stripes) { _ in
                for _ in 0..<8 { (try? balancer.lease())?.finish() }
                return 0
            }
        }
        return copies.load(ordering: .relaxed) == stripes + 1
    }
}

/// A picker that, on demand, sleeps before it picks.
struct ContendedPicker<Base: Picker>: Picker {
    var base: Base
    let contention: Contention

    mutating func pick(_ request: PickRequest, from pool: borrowing BackendPool) -> Int? {
        if contention.isOn.load(ordering: .relaxed) { usleep(50) }
        return base.pick(request, from: pool)
    }

    mutating func diverge(_ seed: PickerSeed) {
        contention.copies.wrappingAdd(1, ordering: .relaxed)
        base.diverge(seed)
    }

    mutating func resume(from old: borrowing ContendedPicker) {
        base.resume(from: old.base)
    }
}
