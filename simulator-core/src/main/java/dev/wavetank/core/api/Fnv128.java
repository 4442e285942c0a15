package dev.wavetank.core.api;

/** An FNV-1a hash of 128 bits, byte by byte. */
final class Fnv128 {

  /** The prime is 2^88 and this. */
  private static final long PRIME_LOW = 0x13bL;

  private static final int PRIME_SHIFT = 88 - 64;

  private long high = 0x6c62272e07bb0142L;
  private long low = 0x62b821756295c58dL;

  void add(byte[] bytes) {
    for (byte b : bytes) {
      low ^= b & 0xff;
      long carry = Math.multiplyHigh(low, PRIME_LOW) + ((low >> 63) & PRIME_LOW);
      high = high * PRIME_LOW + carry + (low << PRIME_SHIFT);
      low *= PRIME_LOW;
    }
  }

  /** 32 digits; they sort as the bytes of the hash do. */
  String hex() {
    return hex(high) + hex(low);
  }

  private static String hex(long value) {
    String digits = Long.toHexString(value);
    return "0".repeat(16 - digits.length()) + digits;
  }
}
