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

    @Test func keepsConfigurations() throws {
        let parent = try TemporaryFolder()
        let history = [try Self.configuration([1]), try Self.configuration([1, 2])]
        try FlowFolder(parent.path).keep(history)
        let folder = try FlowFolder(parent.path)
        #expect(folder.history == history)
        try Data("half of a".utf8).write(to: URL(filePath: "\(parent.path)/configurations.json"))
        #expect(folder.history.isEmpty)
    }

    @Test func tellsNumbersApart() throws {
        let one = try Self.configuration([1, 2])
        #expect(one.numbersAlike(try Self.configuration([1, 2], weight: 7)))
        #expect(!one.numbersAlike(try Self.configuration([2, 1])))
        #expect(!one.numbersAlike(try Self.configuration([1])))
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
