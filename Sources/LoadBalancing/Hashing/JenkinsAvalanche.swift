/// Bob Jenkins' avalanche of a 32-bit number, in six shifts, and what HAProxy makes of it.
///
/// HAProxy places each ring point at ``fullHash(_:)`` of a server's number, and passes key hashes through it where
/// `hash-type … avalanche` is set.
public enum JenkinsAvalanche {
    /// The six shifts: every bit of `number` reaches every bit of the result, and no two numbers give the same.
    ///
    /// - Complexity: O(1).
    /// - Note: Jenkins, *Integer Hashing*, burtleburtle.net/bob/hash/integer.html.
    @inlinable
    public static func mix(_ number: UInt32) -> UInt32 {
        var a = number
        a = a &+ 0x7ED5_5D16 &+ a &<< 12
        a = a ^ 0xC761_C23C ^ a &>> 19
        a = a &+ 0x1656_67B1 &+ a &<< 5
        a = (a &+ 0xD3A2_646C) ^ a &<< 9
        a = a &+ 0xFD70_46C5 &+ a &<< 3
        a = a ^ 0xB55A_4F09 ^ a &>> 16
        return a
    }

    /// HAProxy's `full_hash`: ``mix(_:)``, then multiplied by a prime near three quarters of 2³².
    ///
    /// - Complexity: O(1).
    @inlinable
    public static func fullHash(_ number: UInt32) -> UInt32 {
        mix(number) &* 3_221_225_473
    }
}
