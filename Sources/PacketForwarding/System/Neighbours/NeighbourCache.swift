import LoadBalancing

/// Who is where on the links: asks for the stations that are needed, and takes note of what is said.
///
/// Times and counts are those of RFC 4861 §10. What was once known stays known until somebody says otherwise: a station
/// that does not answer for a while may still take packets, and to drop them would help nobody. Only stations that nobody
/// needs, and that were silent for long, make room for others.
struct NeighbourCache {
    /// An address on a link.
    struct Address: Hashable {
        let address: IPAddress
        /// The position of the interface.
        let interface: Int
    }

    /// What is to be asked.
    struct Question: Equatable {
        let address: Address
        /// The station that had the address when it was last heard of; `nil` to ask all.
        let station: MACAddress?
    }

    private struct Entry {
        var mac: MACAddress?
        var isNeeded: Bool
        /// Whether it is asked for because of a packet, and forgotten if nobody answers.
        var isWanted = false
        /// When the next question is due.
        var due: Timestamp
        /// Questions since the last answer.
        var asked = 0
    }

    /// Between two questions (RFC 4861: RETRANS_TIMER).
    static let pause = Duration.seconds(1)
    /// Between an answer and the next question (RFC 4861: REACHABLE_TIME).
    static let trust = Duration.seconds(30)
    /// Questions to the station that is known before all are asked (RFC 4861: MAX_UNICAST_SOLICIT).
    static let unicastQuestions = 3
    /// Questions for a station that a packet was for, if nobody answers (RFC 4861: MAX_MULTICAST_SOLICIT).
    static let questions = 3
    /// The most stations that nobody asked for: those of clients that talked to us.
    static let strangers = 4_096
    /// How long they are remembered, behind ``trust``, where there is no room for others.
    static let memory = Duration.seconds(600)

    private var entries: [Address: Entry] = [:]
    private var strangerCount = 0
    /// When it is looked for strangers to forget again, at the earliest.
    private var nextForgetting = Timestamp(nanoseconds: 0)

    /// Asks for these from now on, and for no others.
    mutating func need(_ addresses: Set<Address>, at now: Timestamp) {
        for address in entries.keys where !addresses.contains(address) { entries[address]?.isNeeded = false }
        for address in addresses {
            entries[address, default: Entry(isNeeded: true, due: now)].isNeeded = true
        }
        strangerCount = entries.values.count { !$0.isNeeded }
    }

    /// Asks a few times for a station that a packet was for.
    mutating func want(_ address: Address, at now: Timestamp) {
        guard entries[address] == nil, !address.address.isUnspecified, !address.address.isMulticast,
            makeRoomForStranger(at: now)
        else { return }
        entries[address] = Entry(isNeeded: false, isWanted: true, due: now)
    }

    /// Counts a stranger in, if there is room for one.
    private mutating func makeRoomForStranger(at now: Timestamp) -> Bool {
        if strangerCount >= Self.strangers { forgetStrangers(at: now) }
        guard strangerCount < Self.strangers else { return false }
        strangerCount += 1
        return true
    }

    /// Takes note that a station said that it has an address.
    ///
    /// - Returns: whether that is news.
    mutating func note(_ address: Address, is mac: MACAddress, at now: Timestamp) -> Bool {
        guard !mac.isGroup, mac.bits != 0, !address.address.isUnspecified, !address.address.isMulticast else {
            return false
        }
        guard entries[address] != nil || makeRoomForStranger(at: now) else { return false }
        let before = entries[address]
        entries[address] = Entry(
            mac: mac, isNeeded: before?.isNeeded ?? false, due: now.advanced(by: Self.trust))
        return before?.mac != mac
    }

    /// Forgets those who were not heard of for long; who still talks to us says so at least every minute or two.
    private mutating func forgetStrangers(at now: Timestamp) {
        // Whoever floods the link with strangers is not to have all of them looked at each time.
        guard now >= nextForgetting else { return }
        nextForgetting = now.advanced(by: Self.pause)
        let before = entries.count
        entries = entries.filter { _, entry in entry.isNeeded || entry.due.advanced(by: Self.memory) > now }
        strangerCount -= before - entries.count
    }

    /// What is to be asked by now.
    mutating func takeQuestions(at now: Timestamp) -> [Question] {
        var questions: [Question] = []
        for (address, entry) in entries where (entry.isNeeded || entry.isWanted) && entry.due <= now {
            guard entry.isNeeded || entry.asked < Self.questions else {
                entries[address] = nil
                strangerCount -= 1
                continue
            }
            let isTrusted = entry.asked < Self.unicastQuestions
            questions.append(Question(address: address, station: isTrusted ? entry.mac : nil))
            entries[address]?.asked += 1
            entries[address]?.due = now.advanced(by: Self.pause)
        }
        return questions
    }

    /// All stations that are known.
    var stations: [(address: Address, mac: MACAddress)] {
        entries.compactMap { address, entry in entry.mac.map { (address, $0) } }
    }
}
