import Foundation
import LoadBalancing
import PacketForwarding
import Testing

@testable import Layer4Balancer

struct FlowFolderTests {
    private static func configuration(_ backends: [Int], weight: Int = 1) throws -> ForwardingConfiguration {
        var configuration = ForwardingConfiguration(
            interfaces: [InterfaceConfiguration(name: "eth0", mac: MACAddress(bits: 2))],
            services: [
                ServiceConfiguration(
                    name: "web", transport: .tcp, address: try #require(IPPrefix("203.0.113.1")), port: 80, mode: .nat,
                    backends: try backends.map {
                        BackendConfiguration(
                            name: "b\($0)", address: try #require(IPAddress("10.0.0.\($0)")), port: 80, weight: weight)
                    })
            ])
        configuration.limits.flows = 1_000
        return configuration
    }

    @Test func isOneProcessesAtATime() throws {
        let parent = try TemporaryFolder()
        let folder = try FlowFolder(parent.path)
        do {
            _ = try FlowFolder(parent.path)
            Issue.record("two have the folder")
        } catch {
            #expect(error.operation == .lock)
            #expect(error.description.contains("another balancer uses the folder; stop that one"))
        }
        #expect(folder.path == parent.path)
    }

    private static func members(_ backends: [Int], weight: Int = 1) throws -> ForwardingMembers {
        try ForwardingControl(configuration(backends, weight: weight)).members
    }

    private struct Refusal: Error {}

    @Test func keepsWhoNumbersStandFor() throws {
        let parent = try TemporaryFolder()
        let members = try [[1], [1, 2], [2]].map { try Self.members($0) }
        do {
            let folder = try FlowFolder(parent.path)
            #expect(folder.members.isEmpty)
            try folder.begin(with: members[0])
            try folder.keep(members[1]) { #expect(Self.file(parent)?.count == 2) }
            #expect(folder.members == [members[0], members[1]])
            // A change that fails was none.
            #expect(throws: Refusal.self) { try folder.keep(members[2]) { throw Refusal() } }
            #expect(folder.members == [members[0], members[1]])
            // Only those before are kept: the file does not grow.
            try folder.keep(members[2]) {}
        }
        let folder = try FlowFolder(parent.path)
        #expect(folder.members == [members[1], members[2]])
    }

    @Test func readsNoHalfOfAFile() throws {
        let parent = try TemporaryFolder()
        try Data("half of a".utf8).write(to: URL(filePath: "\(parent.path)/members.json"))
        #expect(try FlowFolder(parent.path).members.isEmpty)
    }

    private static func file(_ folder: TemporaryFolder) -> [ForwardingMembers]? {
        let data = try? Data(contentsOf: URL(filePath: "\(folder.path)/members.json"))
        return data.flatMap { try? JSONDecoder().decode([ForwardingMembers].self, from: $0) }
    }

    @Test func tellsNumbersApart() throws {
        let one = try Self.members([1, 2])
        #expect(one.areAlike(try Self.members([1, 2], weight: 7)))
        #expect(!one.areAlike(try Self.members([2, 1])))
        #expect(!one.areAlike(try Self.members([1])))
    }

    /// Flows of one engine are those of the next, as they are for a process that follows another one.
    @Test func keepsFlows() throws {
        let parent = try TemporaryFolder()
        let control = try ForwardingControl(try Self.configuration([1, 2]))
        let capacity = EngineCapacity(services: 8, backends: 8, sourceGroups: 0)
        let byteCount = ForwardingEngine.flowByteCount(control, capacity: capacity)
        let memory = try FlowFolder(parent.path).memory(of: 0, byteCount: byteCount)
        defer { withExtendedLifetime(memory) {} }
        var engine = try unsafe memory.format(control, capacity, WorkerNumber())
        let isDone = engine.poll(at: BootTime.now)
        #expect(isDone)
        let attached = try unsafe memory.attach(control, capacity, WorkerNumber())
        let count = attached.statistics.snapshot().flows.active
        #expect(count == 0)
        let other = try ForwardingControl(try Self.configuration([2, 1]))
        do {
            _ = try unsafe memory.attach(other, capacity, WorkerNumber())
            Issue.record("other backends' flows")
        } catch {
            guard case .otherConfiguration = error.reason else { throw error }
        }
    }

    /// Memory that there is not is no crash later.
    @Test func saysThatThereIsNoRoom() throws {
        let parent = try TemporaryFolder(in: "/dev/shm")
        do {
            _ = try FlowMemory(path: "\(parent.path)/flows", byteCount: 1 << 45)
            Issue.record("32 TiB of memory")
        } catch {
            #expect(error.operation == .reserve)
            #expect(error.description.contains("lower limits.flows"), "\(error)")
        }
    }

    @Test func saysThatThereIsNoFolder() throws {
        do {
            _ = try FlowFolder("/nowhere/at/all")
            Issue.record("opened")
        } catch {
            #expect(
                error.description
                    == "flowMemory: cannot open /nowhere/at/all: No such file or directory; make the folder above it")
        }
    }
}
