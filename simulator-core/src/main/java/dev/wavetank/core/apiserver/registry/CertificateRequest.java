package dev.wavetank.core.apiserver.registry;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;

/**
 * A PKCS #10 request, as far as the API server looks into it: the organizations of its subject,
 * which are the groups of a client.
 *
 * <p>Follows RFC 2986.
 */
final class CertificateRequest {

  private static final String BEGIN = "-----BEGIN CERTIFICATE REQUEST-----";
  private static final String END = "-----END CERTIFICATE REQUEST-----";
  private static final int SEQUENCE = 0x30;
  private static final int SET = 0x31;
  private static final byte[] ORGANIZATION = {0x55, 0x04, 0x0a};

  private CertificateRequest() {}

  /** One value of the encoding: its tag, and where its content lies. */
  private static final class Value {
    private final byte[] bytes;
    private final int tag;
    private final int start;
    private final int end;

    private Value(byte[] bytes, int tag, int start, int end) {
      this.bytes = bytes;
      this.tag = tag;
      this.start = start;
      this.end = end;
    }

    List<Value> parts() {
      List<Value> parts = new ArrayList<>();
      int at = start;
      while (at < end) {
        Value part = at(bytes, at, end);
        parts.add(part);
        at = part.end;
      }
      return parts;
    }

    byte[] content() {
      return Arrays.copyOfRange(bytes, start, end);
    }

    static Value at(byte[] bytes, int at, int end) {
      if (at + 2 > end) {
        throw new IllegalArgumentException("asn1: syntax error: data truncated");
      }
      int length = bytes[at + 1] & 0xff;
      int start = at + 2;
      if (length >= 0x80) {
        int size = length & 0x7f;
        if (size == 0 || size > 3 || start + size > end) {
          throw new IllegalArgumentException("asn1: structure error: length too large");
        }
        length = 0;
        for (int i = 0; i < size; i++) {
          length = (length << 8) | (bytes[start++] & 0xff);
        }
      }
      if (start + length > end) {
        throw new IllegalArgumentException("asn1: syntax error: data truncated");
      }
      return new Value(bytes, bytes[at] & 0xff, start, start + length);
    }
  }

  /**
   * The organizations of the subject; none where the text is no request.
   *
   * @param pem the request
   */
  static List<String> organizations(String pem) {
    List<String> found = new ArrayList<>();
    int begin = pem.indexOf(BEGIN);
    int end = pem.indexOf(END);
    if (begin < 0 || end < begin) {
      return found;
    }
    try {
      byte[] der = Base64.getMimeDecoder().decode(pem.substring(begin + BEGIN.length(), end));
      Value request = Value.at(der, 0, der.length);
      List<Value> info = request.parts().get(0).parts();
      for (Value set : info.size() > 1 ? info.get(1).parts() : List.<Value>of()) {
        for (Value attribute : set.tag == SET ? set.parts() : List.<Value>of()) {
          List<Value> pair = attribute.tag == SEQUENCE ? attribute.parts() : List.<Value>of();
          if (pair.size() == 2 && Arrays.equals(pair.get(0).content(), ORGANIZATION)) {
            found.add(new String(pair.get(1).content(), StandardCharsets.UTF_8));
          }
        }
      }
    } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
      found.clear();
    }
    return found;
  }
}
