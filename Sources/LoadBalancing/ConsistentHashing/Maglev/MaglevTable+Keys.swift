/// Keys that are bytes.
///
/// They are hashed by ``XXH64`` with seed 0, as Envoy hashes its keys, and as ``PickRequest/key(_:)`` does. Katran and Cilium
/// have no such keys: they hash the addresses and ports of a packet by Jenkins' lookup3, and that hash goes to
/// ``backend(for:)``.
extension MaglevTable {
    /// The backend that owns the slot of a text; `nil` if none has a weight.
    @inlinable
    public func backend(forKey text: some StringProtocol) -> Int? {
        backend(for: XXH64.hash(text))
    }

    /// The backend that owns the slot of some bytes; `nil` if none has a weight.
    @inlinable
    public func backend(forKey bytes: some Collection<UInt8>) -> Int? {
        backend(for: XXH64.hash(bytes))
    }

    /// The backend that owns the slot of some bytes; `nil` if none has a weight.
    @inlinable
    @inline(__always)
    public func backend(forKey bytes: RawSpan) -> Int? {
        backend(for: XXH64.hash(bytes))
    }
}
