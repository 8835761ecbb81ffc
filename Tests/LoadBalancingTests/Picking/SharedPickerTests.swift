import Dispatch
import Synchronization
import Testing

@testable import LoadBalancing

@Suite struct SharedPickerTests {
    static func letters(_ count: Int, of picker: SharedPicker<RoundRobin>) -> String {
        (0..<count).map { _ in picker.pick().map { String(UnicodeScalar(UInt8(97 + $0))) } ?? "-" }.joined()
    }

    @Test(arguments: [1, 2, 64])
    func oneThreadSeesTheExactOrder(stripeLimit: Int) {
        let picker = SharedPicker(
            RoundRobinPolicy(start: 0), pool: ScriptedPool(count: 3).pool(), seed: 1, stripeLimit: stripeLimit)
        #expect(Self.letters(8, of: picker) == "abcabcab")
    }

    @Test(arguments: [1, 64])
    func updatesGoOn(stripeLimit: Int) {
        let picker = SharedPicker(
            RoundRobinPolicy(start: 0), pool: ScriptedPool(count: 3).pool(), seed: 1, stripeLimit: stripeLimit)
        #expect(Self.letters(2, of: picker) == "ab")
        picker.update(RoundRobinPolicy(start: 0), pool: ScriptedPool(count: 5).pool())
        #expect(Self.letters(7, of: picker) == "cdeabcd")
        picker.update(RoundRobinPolicy(start: 0), pool: ScriptedPool(count: 0).pool())
        #expect(Self.letters(2, of: picker) == "--")
        picker.update(RoundRobinPolicy(start: 0), pool: ScriptedPool(count: 2).pool())
        #expect(Self.letters(3, of: picker) == "aba")
    }

    @Test func requestsReachThePicker() {
        let pool = ScriptedPool(weights: [2, 3])
        let picker = SharedPicker(StaticHashPolicy(), pool: pool.pool(), seed: 1)
        #expect(picker.pick(PickRequest(keyHash: 1)) == 0)
        #expect(picker.pick(PickRequest(keyHash: 2)) == 1)
        #expect(picker.pick(pool.request(tried: [1], keyHash: 2)) == 0)
        #expect(picker.pick(pool.request(tried: [0, 1], keyHash: 2)) == nil)
    }

    @Test(arguments: PolicyName.allCases)
    func equalSeedsGiveEqualPicks(name: PolicyName) {
        let picks = (0..<2).map { _ in
            let picker = SharedPicker(name.policy, pool: ScriptedPool(weights: [1, 5, 2]).pool(), seed: 4)
            return (0..<100).map { picker.pick(PickRequest(keyHash: $0)) }
        }
        #expect(picks[0] == picks[1])
    }

    /// Each of at most nine copies (eight, and the overflow) serves everybody in turn, so whichever copies the threads
    /// use, no two backends are further apart than nine picks.
    @Test func roundRobinIsFairUnderContention() {
        let picker = SharedPicker(RoundRobinPolicy(), pool: ScriptedPool(count: 5).pool(), seed: 2, stripeLimit: 8)
        let counts = Mutex([0, 0, 0, 0, 0])
        DispatchQueue.concurrentPerform(iterations: 4) { _ in
            var mine = [0, 0, 0, 0, 0]
            for _ in 0..<5_000 {
                if let index = picker.pick() { mine[index] += 1 }
            }
            counts.withLock { all in
                for index in mine.indices { all[index] += mine[index] }
            }
        }
        let all = counts.withLock { $0 }
        #expect(all.reduce(0, +) == 20_000)
        #expect(all.allSatisfy { abs($0 - 4_000) <= 9 }, "\(all)")
    }
}
