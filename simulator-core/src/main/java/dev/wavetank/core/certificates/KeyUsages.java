package dev.wavetank.core.certificates;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import com.google.common.collect.Ordering;
import java.util.ArrayList;
import java.util.List;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.jspecify.annotations.Nullable;

/**
 * What a key may be used for, in the words of the API.
 *
 * <p>Follows pkg/controller/certificates/authority/policies.go (v1.36).
 */
public final class KeyUsages {

  private static final ImmutableMap<String, Integer> BITS =
      ImmutableMap.<String, Integer>builder()
          .put("signing", KeyUsage.digitalSignature)
          .put("digital signature", KeyUsage.digitalSignature)
          .put("content commitment", KeyUsage.nonRepudiation)
          .put("key encipherment", KeyUsage.keyEncipherment)
          .put("key agreement", KeyUsage.keyAgreement)
          .put("data encipherment", KeyUsage.dataEncipherment)
          .put("cert sign", KeyUsage.keyCertSign)
          .put("crl sign", KeyUsage.cRLSign)
          .put("encipher only", KeyUsage.encipherOnly)
          .put("decipher only", KeyUsage.decipherOnly)
          .buildOrThrow();

  /** In the order in which Go writes them. */
  private static final ImmutableMap<String, KeyPurposeId> PURPOSES =
      ImmutableMap.<String, KeyPurposeId>builder()
          .put("any", KeyPurposeId.anyExtendedKeyUsage)
          .put("server auth", KeyPurposeId.id_kp_serverAuth)
          .put("client auth", KeyPurposeId.id_kp_clientAuth)
          .put("code signing", KeyPurposeId.id_kp_codeSigning)
          .put("email protection", KeyPurposeId.id_kp_emailProtection)
          .put("s/mime", KeyPurposeId.id_kp_emailProtection)
          .put("ipsec end system", KeyPurposeId.id_kp_ipsecEndSystem)
          .put("ipsec tunnel", KeyPurposeId.id_kp_ipsecTunnel)
          .put("ipsec user", KeyPurposeId.id_kp_ipsecUser)
          .put("timestamping", KeyPurposeId.id_kp_timeStamping)
          .put("ocsp signing", KeyPurposeId.id_kp_OCSPSigning)
          .put("microsoft sgc", purpose("1.3.6.1.4.1.311.10.3.3"))
          .put("netscape sgc", purpose("2.16.840.1.113730.4.1"))
          .buildOrThrow();

  /** Every word, sorted. */
  public static final ImmutableList<String> WORDS =
      ImmutableList.sortedCopyOf(
          Ordering.natural(),
          ImmutableList.<String>builder().addAll(BITS.keySet()).addAll(PURPOSES.keySet()).build());

  private KeyUsages() {}

  private static KeyPurposeId purpose(String identifier) {
    return KeyPurposeId.getInstance(new ASN1ObjectIdentifier(identifier));
  }

  /** Null when none of the words is one of these. */
  static @Nullable KeyUsage keyUsage(List<String> words) {
    int bits = 0;
    for (String word : words) {
      bits |= BITS.getOrDefault(word, 0);
    }
    return bits == 0 ? null : new KeyUsage(bits);
  }

  /** Null when none of the words is one of these. */
  static @Nullable ExtendedKeyUsage extendedKeyUsage(List<String> words) {
    List<KeyPurposeId> purposes = new ArrayList<>();
    for (var entry : PURPOSES.entrySet()) {
      if (words.contains(entry.getKey()) && !purposes.contains(entry.getValue())) {
        purposes.add(entry.getValue());
      }
    }
    return purposes.isEmpty() ? null : new ExtendedKeyUsage(purposes.toArray(new KeyPurposeId[0]));
  }
}
