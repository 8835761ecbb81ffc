import Foundation
import PacketForwarding

/// Says what the engine would do with a capture.
@main
struct PcapReplay {
    static func main() {
        do {
            let arguments = try Arguments(CommandLine.arguments.dropFirst())
            if arguments.wantsHelp { return print(Arguments.usage) }
            try run(arguments)
        } catch let error as ArgumentError {
            fail("\(error)", code: 2)
        } catch let error as ReplayError {
            fail("\(error)", code: 1)
        } catch {
            fail(error.localizedDescription, code: 1)
        }
    }

    private static func fail(_ message: String, code: CInt) -> Never {
        FileHandle.standardError.write(Data("PcapReplay: \(message)\n".utf8))
        exit(code)
    }

    private static func run(_ arguments: Arguments) throws {
        let configuration = try configuration(at: arguments.configuration)
        var interface = 0
        if let name = arguments.interface {
            guard let position = configuration.interfaces.firstIndex(where: { $0.name == name }) else {
                throw ArgumentError("\(arguments.configuration) has no interface \"\(name)\"")
            }
            interface = position
        }
        let capture = try capture(at: arguments.capture)
        var replay: Replay
        do throws(ForwardingConfigurationError) {
            replay = try Replay(configuration, interface: interface)
        } catch {
            throw ReplayError(path: arguments.configuration, reason: error.description)
        }
        replay.run(capture)
        let listing = Listing(replay.outcomes, capture: arguments.capture, output: arguments.output)
        print(listing.text(explaining: arguments.explains))
        if let path = arguments.output { try write(Data(PcapFile.bytes(of: replay.sent)), to: path) }
        if let path = arguments.json { try write(try listing.json(), to: path) }
    }

    private static func configuration(at path: String) throws -> ForwardingConfiguration {
        let data = try read(path)
        do {
            return try JSONDecoder().decode(ForwardingConfiguration.self, from: data)
        } catch let error as DecodingError {
            throw ReplayError(path: path, reason: error.place)
        }
    }

    private static func capture(at path: String) throws -> Capture {
        let bytes = [UInt8](try read(path))
        do throws(CaptureError) {
            return try Capture(bytes)
        } catch {
            throw ReplayError(path: path, reason: error.description)
        }
    }

    private static func read(_ path: String) throws -> Data {
        do {
            return try Data(contentsOf: URL(filePath: path))
        } catch {
            throw ReplayError(path: path, reason: "cannot be read: \(error.localizedDescription)")
        }
    }

    private static func write(_ data: Data, to path: String) throws {
        do {
            try data.write(to: URL(filePath: path))
        } catch {
            throw ReplayError(path: path, reason: "cannot be written: \(error.localizedDescription)")
        }
    }
}

/// A file that cannot be used.
struct ReplayError: Error, CustomStringConvertible {
    let path: String
    let reason: String

    var description: String { "\(path): \(reason)" }
}

extension DecodingError {
    /// Where in the file something is wrong, and what.
    fileprivate var place: String {
        let context: Context
        switch self {
        case .typeMismatch(_, let found), .valueNotFound(_, let found), .dataCorrupted(let found): context = found
        case .keyNotFound(let key, let found):
            return "\(Self.path(found.codingPath)): \"\(key.stringValue)\" is missing"
        @unknown default: return localizedDescription
        }
        return "\(Self.path(context.codingPath)): \(context.debugDescription)"
    }

    private static func path(_ keys: [any CodingKey]) -> String {
        let text = keys.map { key in key.intValue.map { "[\($0)]" } ?? ".\(key.stringValue)" }.joined()
        return text.isEmpty ? "at the top" : String(text.drop { $0 == "." })
    }
}
