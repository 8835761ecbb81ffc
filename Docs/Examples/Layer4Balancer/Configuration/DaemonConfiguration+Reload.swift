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
            ("flowMemory", flowMemory == current.flowMemory), ("capture", capture == current.capture),
        ] where !isSame {
            throw ConfigurationError(field, "can only be changed by a restart; nothing of the file was taken over")
        }
    }
}
