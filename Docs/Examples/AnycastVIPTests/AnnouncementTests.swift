import LoadBalancing
import Testing

@testable import AnycastVIP

/// When a site announces itself, and in which order BIRD is told.
@Suite struct AnnouncementTests {
    private static func plan() -> AnnouncementPlan {
        AnnouncementPlan(minimumHealth: 0.75, hold: .seconds(2), drain: .seconds(5))
    }

    private static func seconds(_ count: UInt64) -> Timestamp { Timestamp(nanoseconds: count * 1_000_000_000) }

    /// Each step is a second later: how many of four servers work, and `L` from where on the site leaves.
    @Test(arguments: [
        // What gets better has to stay so for two seconds, what gets worse does not.
        (seen: "04444", told: "---BB"), ("44432101", "--BBLL--"),
        ("4440444", "--B---B"), ("40404040", "--------"),
        // From the last resort to the best takes as long, and flapping begins anew.
        ("2224444", "--LLLBB"), ("222424244444", "--LLLLLLLBBB"),
        // Three of four are enough, two are not.
        ("3333", "--BB"), ("2222", "--LL"), ("1111", "--LL"), ("0000", "----"),
        // Who leaves is the last resort for five seconds, whatever becomes of the servers.
        ("444Lxxxxxxx", "--BLLLLL---"), ("444L0000000", "--BLLLLL---"), ("222Lxxxxxxx", "--LLLLLL---"),
        ("0L", "--"), ("4L4", "---"),
    ])
    func announces(seen: String, told: String) {
        var plan = Self.plan()
        var announced = ""
        for (second, step) in seen.enumerated() {
            let now = Self.seconds(UInt64(second))
            if step == "L" { plan.leave(at: now) }
            plan.see(healthy: step.wholeNumberValue ?? 4, of: 4, at: now)
            announced += ["-", "L", "B"][plan.current.rawValue]
        }
        #expect(announced == told)
    }

    @Test func whoHasNothingToWithdrawIsGoneAtOnce() {
        var plan = Self.plan()
        #expect(!plan.isGone)
        plan.leave(at: Self.seconds(1))
        #expect(plan.isGone)
    }

    @Test func whoLeavesIsGoneWhenItHasWithdrawn() {
        var plan = Self.plan()
        for second in 0..<4 { plan.see(healthy: 1, of: 1, at: Self.seconds(UInt64(second))) }
        plan.leave(at: Self.seconds(4))
        // Being told twice changes nothing.
        plan.leave(at: Self.seconds(8))
        #expect(plan.current == .lastResort && !plan.isGone)
        plan.see(healthy: 1, of: 1, at: Self.seconds(9))
        #expect(plan.current == .withdrawn && plan.isGone)
    }

    @Test func noServersAtAllIsNoSite() {
        var plan = Self.plan()
        for second in 0..<9 { plan.see(healthy: 0, of: 0, at: Self.seconds(UInt64(second))) }
        #expect(plan.current == .withdrawn)
    }

    /// At no moment is less announced than both before and after.
    @Test(arguments: [Announcement.withdrawn, .lastResort, .best], [Announcement.withdrawn, .lastResort, .best])
    func thereIsNoGapBetween(before: Announcement, after: Announcement) {
        let bird = BirdControl(path: "", best: "b", lastResort: "l")
        var enabled: Set<String> = []
        func take(_ command: String) {
            let words = command.split(separator: " ").map(String.init)
            if words[0] == "enable" { enabled.insert(words[1]) } else { enabled.remove(words[1]) }
        }
        func announced() -> Announcement {
            enabled.contains("b") ? .best : enabled.contains("l") ? .lastResort : .withdrawn
        }
        for command in bird.commands(for: before) { take(command) }
        #expect(announced() == before)
        for command in bird.commands(for: after) {
            take(command)
            #expect(announced() >= min(before, after))
        }
        #expect(announced() == after)
    }
}
