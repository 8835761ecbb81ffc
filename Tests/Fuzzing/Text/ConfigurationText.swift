import Foundation
import PacketForwarding

/// Configurations as JSON: whatever is read is checked, put in force, and written as it was read.
enum ConfigurationText {
    static func faults(_ bytes: [UInt8]) -> [String] {
        guard let configuration = try? JSONDecoder().decode(ForwardingConfiguration.self, from: Data(bytes)) else {
            return []
        }
        guard let text = try? JSONEncoder().encode(configuration),
            let again = try? JSONDecoder().decode(ForwardingConfiguration.self, from: text)
        else { return ["what was read cannot be written and read again"] }
        if again != configuration { return ["read as something else: \(String(decoding: text, as: UTF8.self))"] }
        do throws(ForwardingConfigurationError) {
            _ = try ForwardingControl(configuration)
        } catch {
            if error.description.isEmpty { return ["an error without a text"] }
        }
        return []
    }
}
