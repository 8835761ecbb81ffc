import LoadBalancing
import Testing

@testable import PacketForwarding

/// A table in which a test says only what matters to it.
private struct SmallTable: ~Copyable {
    var table: FlowTable
    var now = FlowTime(ticks: 0xFFFF_FF00)

    init(flows: Int = 100, services: Int = 4, backends: Int = 8, sources: SourcePortShape? = nil) {
        let shape = FlowTableShape(flows: flows, services: services, backends: backends, sources: sources)
        table = FlowTable(shape, secret: SipKey(1, 2), now: now)
        let timeouts = FlowTimeouts(
            handshake: FlowTimeout(ticks: 60), established: FlowTimeout(ticks: 900), closing: FlowTimeout(ticks: 10),
            datagrams: FlowTimeout(ticks: 30))
        for service in 0..<UInt16(services) { table.configure(service: service, timeouts) }
    }

    func key(_ number: Int, service: UInt16 = 0, mode: FlowMode = .nat, transport: IPProtocol = .tcp) -> FlowKey {
        FlowKey(
            client: IPAddress(v4: 0x0A00_0000 + UInt32(number)), port: 1000, transport: transport, service: service,
            mode: mode)
    }

    mutating func find(_ key: FlowKey) -> UInt32? {
        table.find(key, hash: table.hash(key), now: now)
    }

    mutating func insert(
        _ key: FlowKey, backend: UInt32 = 0, state: FlowState = .opened, mode: FlowMode = .nat
    ) -> FlowInsertion {
        table.insert(key, hash: table.hash(key), backend: backend, state: state, mode: mode, now: now)
    }

    /// Inserts a flow that there is room for.
    mutating func add(
        _ number: Int, service: UInt16 = 0, backend: UInt32 = 0, state: FlowState = .opened, mode: FlowMode = .nat
    ) -> UInt32 {
        let transport = state.transport
        let key = key(number, service: service, mode: mode, transport: transport)
        guard case .inserted(let position) = insert(key, backend: backend, state: state, mode: mode) else {
            Issue.record("flow \(number) has no room")
            return 0
        }
        return position
    }

    /// Which of the flows 0 ..< `count` are there.
    mutating func present(_ count: Int, service: UInt16 = 0) -> [Int] {
        var present: [Int] = []
        for number in 0..<count where find(key(number, service: service)) != nil { present.append(number) }
        return present
    }

    mutating func restart(_ position: UInt32, as phase: FlowPhase) {
        table.restart(position, as: FlowState(phase), now: now)
    }
}

@Suite struct FlowTableTests {
    @Test(
        arguments: [
            (phase: FlowPhase.handshake, ticks: 60), (phase: .established, ticks: 900), (phase: .closing, ticks: 10),
            (phase: .resetHandshake, ticks: 10), (phase: .resetEstablished, ticks: 10), (phase: .datagrams, ticks: 30),
        ] as [(FlowPhase, UInt32)])
    func aFlowEndsWhenItWasIdleForTheTimeoutOfItsState(phase: FlowPhase, ticks: UInt32) {
        var small = SmallTable()
        let start = small.now.ticks
        let position = small.add(1, state: phase == .datagrams ? .datagrams : .opened)
        small.now.ticks = start &+ 5
        small.restart(position, as: phase)
        let key = small.key(1, transport: phase == .datagrams ? .udp : .tcp)
        small.now.ticks = start &+ 5 &+ ticks &- 1
        let last = small.find(key)
        #expect(last == position)
        small.now.ticks &+= 1
        let none = small.find(key)
        #expect(none == nil && small.table.counts.active == 0)
    }

    @Test func timeoutsThatAreConfiguredLaterHoldFromTheNextPacketOn() {
        var small = SmallTable()
        let position = small.add(1, state: .datagrams)
        small.table.configure(service: 0, FlowTimeouts(datagrams: FlowTimeout(ticks: 2)))
        small.now.ticks &+= 29
        var found = small.find(small.key(1, transport: .udp))
        #expect(found == position)
        small.restart(position, as: .datagrams)
        small.now.ticks &+= 2
        found = small.find(small.key(1, transport: .udp))
        #expect(found == nil)
    }

    @Test(arguments: [1, 2, 7, 64])
    func expiringTakesNoMoreStepsThanItMay(budget: Int) {
        var small = SmallTable(flows: 1000)
        for number in 0..<500 { _ = small.add(number) }
        small.now.ticks &+= 1_000_000
        var (calls, isDone) = (0, false)
        while !isDone {
            let before = small.table.counts.active
            isDone = small.table.expire(now: small.now, budget: budget)
            #expect(before - small.table.counts.active <= budget)
            calls += 1
        }
        #expect(small.table.counts.active == 0 && calls >= 500 / budget)
        // The hand crosses two weeks in a few thousand steps, and what has nothing to do in one.
        small.now.ticks &+= 256 * 86400 * 14
        let isThere = small.table.expire(now: small.now, budget: 1000)
        #expect(isThere)
        let isStill = small.table.expire(now: small.now, budget: 1)
        #expect(isStill)
    }

    @Test func withNATTheHalfOpenFlowThatBeganFirstGivesWay() {
        var small = SmallTable(flows: 4)
        for number in 0..<4 { _ = small.add(number, service: UInt16(number % 2)) }
        // It began first, but is half-open no more; and a packet does not make a flow younger.
        if let first = small.find(small.key(0)) { small.restart(first, as: .established) }
        if let second = small.find(small.key(1, service: 1)) { small.restart(second, as: .handshake) }
        _ = small.add(4)
        let (even, odd) = (small.present(6), small.present(6, service: 1))
        #expect(even == [0, 2, 4] && odd == [3])
    }

    @Test func establishedClosingAndUDPFlowsStay() {
        var small = SmallTable(flows: 3)
        small.restart(small.add(0), as: .established)
        small.restart(small.add(1), as: .resetHandshake)
        _ = small.add(2, state: .datagrams)
        let full = small.insert(small.key(3))
        #expect(full == .full)
        let isThere = small.table.hasRoom(service: 0, state: .opened, mode: .nat, now: small.now)
        #expect(!isThere)
    }

    @Test func flowsWhoseTimeHasComeGiveWayFirst() {
        var small = SmallTable(flows: 3)
        _ = small.add(0)
        _ = small.add(1, state: .datagrams)
        small.now.ticks &+= 29
        _ = small.add(2)
        small.now.ticks &+= 1
        _ = small.add(3)
        let present = small.present(4)
        #expect(present == [0, 2, 3])
    }

    @Test func oneWayNobodyGivesWay() {
        var small = SmallTable(flows: 2)
        _ = small.add(0, mode: .oneWay)
        _ = small.add(1, mode: .oneWay)
        let refused = small.insert(small.key(2, mode: .oneWay), mode: .oneWay)
        #expect(refused == .full)
        let taken = small.insert(small.key(2), mode: .nat)
        #expect(taken != .full)
    }

    @Test func aFlowThatComesBackFromAResetKeepsItsPlace() {
        var small = SmallTable(flows: 4)
        var positions: [UInt32] = []
        for number in 0..<4 { positions.append(small.add(number)) }
        small.restart(positions[0], as: .resetHandshake)
        small.restart(positions[1], as: .resetHandshake)
        // The first of those that may go is number 2; the search passes 0 and 1 over.
        _ = small.add(4)
        var present = small.present(6)
        #expect(present == [0, 1, 3, 4])
        small.restart(positions[1], as: .handshake)
        _ = small.add(5)
        present = small.present(6)
        #expect(present == [0, 3, 4, 5])
    }

    @Test func quotasHoldInAllAndForEachService() {
        var small = SmallTable(flows: 100)
        small.table.limits.halfOpen = 3
        small.table.configure(service: 1, FlowTimeouts(), limits: FlowLimits(halfOpen: 1, adopted: 1))
        _ = small.add(0)
        _ = small.add(1, service: 1)
        _ = small.add(2, service: 1)
        var (zero, one) = (small.present(9), small.present(9, service: 1))
        #expect(zero == [0] && one == [2])
        _ = small.add(3)
        _ = small.add(4)
        (zero, one) = (small.present(9), small.present(9, service: 1))
        #expect(zero == [3, 4] && one == [2])
        #expect(small.table.counts.halfOpen == 3)

        var adopted = FlowState(.established)
        adopted.isAdopted = true
        let first = small.insert(small.key(5, service: 1, mode: .oneWay), state: adopted, mode: .oneWay)
        let second = small.insert(small.key(6, service: 1, mode: .oneWay), state: adopted, mode: .oneWay)
        let third = small.insert(small.key(7, service: 2, mode: .oneWay), state: adopted, mode: .oneWay)
        #expect(first != .full && second == .full && third != .full)
        #expect(small.table.counts.adopted == 2 && small.table.counts(ofService: 1).adopted == 1)
    }

    @Test func aFlowThatBeginsAnewIsTheYoungest() {
        var small = SmallTable(flows: 2)
        let first = small.add(0, backend: 3)
        _ = small.add(1)
        small.restart(first, as: .closing)
        small.table.beginAnew(first, now: small.now)
        #expect(small.table.state(of: first) == .opened && small.table.backend(of: first) == 3)
        _ = small.add(2)
        let present = small.present(3)
        #expect(present == [0, 2])
    }

    @Test func twoServicesDoNotShareAnswers() {
        var small = SmallTable()
        // Backends 0 and 1 are one machine's.
        small.table.configure(backend: 0, endpoint: 5)
        small.table.configure(backend: 1, endpoint: 5)
        small.table.configure(backend: 2, endpoint: 6)
        _ = small.add(0, service: 0, backend: 0)
        let shared = small.table.sharesAnswers(small.key(0, service: 1), backend: 1, now: small.now)
        let other = small.table.sharesAnswers(small.key(0, service: 1), backend: 2, now: small.now)
        let client = small.table.sharesAnswers(small.key(1, service: 1), backend: 1, now: small.now)
        let own = small.table.sharesAnswers(small.key(0), backend: 1, now: small.now)
        #expect(shared && !other && !client && !own)
        small.now.ticks &+= 60
        let late = small.table.sharesAnswers(small.key(0, service: 1), backend: 1, now: small.now)
        #expect(!late)
    }

    @Test func answersAreOfOneProtocolAndOfNAT() {
        var small = SmallTable()
        let tcp = small.add(0, service: 0, backend: 1)
        let udp = small.add(0, service: 1, backend: 1, state: .datagrams)
        _ = small.add(1, service: 2, backend: 1, mode: .oneWay)
        for (transport, expected) in [(IPProtocol.tcp, tcp), (.udp, udp)] {
            let key = FlowKey(answersTo: IPAddress(v4: 0x0A00_0000), port: 1000, transport: transport)
            let found = small.table.findAnswered(key, from: 1, hash: small.table.hash(key), now: small.now)
            #expect(found == expected)
        }
        let oneWay = FlowKey(answersTo: IPAddress(v4: 0x0A00_0001), port: 1000, transport: .tcp)
        let found = small.table.findAnswered(oneWay, from: 1, hash: small.table.hash(oneWay), now: small.now)
        #expect(found == nil)
    }

    @Test func aFlowThatMovesIsCountedWhereItIs() {
        var small = SmallTable()
        let position = small.add(0, backend: 1, state: .datagrams)
        let isMoved = small.table.rebind(position, to: 2, as: .datagrams, now: small.now)
        #expect(isMoved && small.table.backend(of: position) == 2)
        #expect(small.table.counts(ofBackend: 1).active == 0 && small.table.counts(ofBackend: 2).datagrams == 1)
    }

    @Test func whatTheClientSaidLastIsKeptOnceTheFlowIsEstablished() {
        var small = SmallTable()
        let position = small.add(0)
        small.table.noteSequences(acknowledged: 1, next: 2, of: position)
        #expect(small.table.flow(at: position).acknowledged == 0)
        let other = small.add(1)
        small.restart(position, as: .established)
        #expect(small.table.flow(at: position).acknowledged == 0)
        small.table.noteSequences(acknowledged: 0xFFFF_FFFF, next: 7, of: position)
        small.restart(position, as: .resetEstablished)
        small.restart(other, as: .established)
        #expect(small.table.flow(at: position).acknowledged == 0xFFFF_FFFF)
        #expect(small.table.flow(at: position).nextSequence == 7)
    }

    @Test func aWalkVisitsABackendsFlowsWhilePacketsGoOn() {
        var small = SmallTable()
        for number in 0..<20 { small.restart(small.add(number, backend: UInt32(number % 2)), as: .established) }
        small.table.beginWalk(ofBackend: 1)
        var visited: [Int] = []
        var step = 0
        while let position = small.table.nextOfWalk() {
            visited.append(Int(small.table.flow(at: position).key.client.v4Bits & 0xFF))
            // The flow itself ends, the next one ends, another one comes, one moves away.
            if step == 1 { small.table.end(position, now: small.now) }
            if step == 2, let next = small.find(small.key(7)) { small.table.end(next, now: small.now) }
            if step == 3 { small.restart(small.add(40, backend: 1), as: .established) }
            if step == 4, let last = small.find(small.key(17)) {
                _ = small.table.rebind(last, to: 0, as: .opened, now: small.now)
            }
            step += 1
        }
        #expect(visited == [1, 3, 5, 9, 11, 13, 15, 19, 40])
        let beyond = small.table.nextOfWalk()
        #expect(beyond == nil)
    }

    @Test func oneClientCannotFillTheTableThroughManyServices() {
        // One client's port at all services is one hash with NAT, because answers name no service: it fills its chunks.
        var small = SmallTable(flows: 10_000, services: 2000, backends: 2000)
        var inserted = 0
        for service in 0..<2000 as Range<UInt16> {
            if case .inserted = small.insert(small.key(0, service: service), backend: UInt32(service)) { inserted += 1 }
        }
        #expect(inserted == ChunkedIndex.slotCount * ChunkedIndex.probeLimit)
        // Others still fit.
        for number in 1..<9000 { _ = small.add(number, service: UInt16(number % 2000)) }
        #expect(small.table.counts.active == inserted + 8999)
    }
}
