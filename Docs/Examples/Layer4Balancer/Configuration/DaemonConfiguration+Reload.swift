import PacketForwarding

extension DaemonConfiguration {
    /// What a running daemon cannot change.
    ///
    /// - Throws: ``ConfigurationError``, which names the first setting of them that differs.
    func checkReload(from current: DaemonConfiguration) throws(ConfigurationError) {
        for (field, isSame) in [
            ("interfaces", interfaces == current.interfaces), ("workers", workers == current.workers),
            ("ring", ring == current.ring), ("limits.flows", limits.flows == current.limits.flows),
            ("control", control == current.control), ("statistics", statistics == current.statistics),
            // Which worker a client's flows are with follows from it.
            ("fleet.seed", fleet.seed == current.fleet.seed || workers.count == 1),
            ("flowMemory", flowMemory == current.flowMemory), ("capture", capture == current.capture),
        ] where !isSame {
            throw ConfigurationError(field, "can only be changed by a restart; nothing of the file was taken over")
        }
    }
}
