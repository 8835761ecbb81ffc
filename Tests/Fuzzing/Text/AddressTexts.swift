import Foundation
import PacketForwarding

/// Addresses and prefixes: read as the C library reads them, and written as they are read.
enum AddressTexts {
    static func faults(_ bytes: [UInt8]) -> [String] {
        let text = String(decoding: bytes, as: UTF8.self)
        var faults: [String] = []
        if let address = IPAddress(text) {
            if IPAddress(address.description) != address { faults.append("IPAddress: \(text)") }
        }
        faults += [
            survives(IPPrefix.self, text), survives(MACAddress.self, text), survives(InterfaceAddress.self, text),
            survives(SchedulerName.self, text),
        ].compactMap(\.self)
        if !bytes.contains(0) {
            if (IPAddress(text) != nil) != isAddress(text) { faults.append("\(text): the C library disagrees") }
        } else if IPAddress(text) != nil {
            faults.append("\(text): an address with a zero byte")
        }
        return faults
    }

    private static func survives<Value: LosslessStringConvertible & Equatable>(
        _: Value.Type, _ text: String
    ) -> String? {
        guard let value = Value(text), Value(value.description) != value else { return nil }
        return "\(Value.self): \(text)"
    }

    private static func isAddress(_ text: String) -> Bool {
        var v4 = in_addr()
        var v6 = in6_addr()
        return unsafe inet_pton(AF_INET, text, &v4) == 1 || inet_pton(AF_INET6, text, &v6) == 1
    }
}
