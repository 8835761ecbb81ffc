import LoadBalancing
import PacketForwarding

/// How the daemon ends.
extension Daemon {
    /// Waits until the daemon is asked to end, and then for connections, if it is to.
    func leave() async {
        var wishes = wishes.makeAsyncIterator()
        guard let first = await wishes.next() else { return }
        isWithdrawn = true
        ServiceNotification.send("STOPPING=1")
        guard case .drained = first else { return Log.say("ends at once") }
        Log.say("drains: not ready, and no longer announced")
        // Before anybody else is told to announce the addresses: there is no way to take them back but silence.
        refresh()
        await Command.run(settings.leaving.withdrawCommand, within: .seconds(10), as: "withdrawCommand")
        let deadline = BootTime.now.advanced(by: .seconds(settings.leaving.drainSeconds))
        let listening = Task { await secondWish() }
        defer { listening.cancel() }
        while forwarder.snapshot.flows.open > 0, BootTime.now < deadline, !isInAHurry {
            try? await Task.sleep(for: .milliseconds(100))
        }
        let left = forwarder.snapshot.flows.open
        Log.say(left == 0 ? "drained" : "leaves \(left) flows")
    }

    private func secondWish() async {
        for await _ in wishes {
            isInAHurry = true
            return
        }
    }
}
