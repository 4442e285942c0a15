package dev.wavetank.core.api;

import com.google.common.collect.ImmutableList;
import dev.wavetank.core.sim.SimulationBug;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How Kubernetes makes names: hashes of 32 bits, their safe text, and prefixes cut to length.
 *
 * <p>Follows staging/src/k8s.io/apimachinery/pkg/util/rand/rand.go,
 * staging/src/k8s.io/apiserver/pkg/storage/names/generate.go, pkg/controller/controller_utils.go
 * and pkg/controller/history/controller_history.go (v1.36).
 */
public final class Names {

  /** The symbols of generated names: no vowels, no digits that look like letters. */
  public static final String ALPHABET = "bcdfghjklmnpqrstvwxz2456789";

  /** Length of the random suffix of a generated name. */
  public static final int SUFFIX_LENGTH = 5;

  /** Longest name that {@code generateName} makes. */
  public static final int GENERATED_MAX = 63;

  private static final int REVISION_PREFIX_MAX = 223;
  private static final int FNV_OFFSET = 0x811c9dc5;
  private static final int FNV_PRIME = 16777619;

  private Names() {}

  /** The text with every character replaced by one that cannot spell a word. */
  public static String safeEncode(String text) {
    StringBuilder out = new StringBuilder(text.length());
    text.codePoints().forEach(c -> out.append(ALPHABET.charAt(c % ALPHABET.length())));
    return out.toString();
  }

  /** The safe text of an unsigned number. */
  public static String safeEncode(int hash) {
    return safeEncode(Integer.toUnsignedString(hash));
  }

  /** FNV-1a of 32 bits. */
  public static int fnv1a32(byte[] bytes) {
    int hash = FNV_OFFSET;
    for (byte b : bytes) {
      hash = (hash ^ (b & 0xff)) * FNV_PRIME;
    }
    return hash;
  }

  /** FNV-1 of 32 bits. */
  public static int fnv132(byte[] bytes) {
    int hash = FNV_OFFSET;
    for (byte b : bytes) {
      hash = (hash * FNV_PRIME) ^ (b & 0xff);
    }
    return hash;
  }

  /**
   * The {@code pod-template-hash} of a pod template, the same as upstream's: it is taken over a
   * dump of Go's structures, which the schema knows field by field in their order.
   *
   * @param collisionCount null when the owner has none
   */
  public static String podTemplateHash(KubeMap template, @Nullable Long collisionCount) {
    SchemaType type = Schema.builtIn().type("core.PodTemplateSpec");
    SimulationBug.check(type != null, "the schema lacks PodTemplateSpec");
    int hash = type == null ? 0 : GoDump.fnv1a32(template, type);
    if (collisionCount != null) {
      for (int i = 0; i < 8; i++) {
        int octet = i < 4 ? (int) (collisionCount >>> (8 * i)) & 0xff : 0;
        hash = (hash ^ octet) * FNV_PRIME;
      }
    }
    return safeEncode(hash);
  }

  /**
   * The hash of a ControllerRevision.
   *
   * @param data the revision's raw JSON
   * @param collisionCount null when the owner has none
   */
  public static String controllerRevisionHash(String data, @Nullable Long collisionCount) {
    String hashed = collisionCount == null ? data : data + collisionCount;
    return safeEncode(fnv132(hashed.getBytes(StandardCharsets.UTF_8)));
  }

  /** The name of a ControllerRevision: the owner's name, cut to 223, and the hash. */
  public static String controllerRevisionName(String owner, String hash) {
    return cut(owner, REVISION_PREFIX_MAX) + "-" + hash;
  }

  /** What a generated name begins with: {@code generateName} cut to leave room for the suffix. */
  public static String generatedPrefix(String generateName) {
    return cut(generateName, GENERATED_MAX - SUFFIX_LENGTH);
  }

  private static String cut(String text, int max) {
    return text.length() > max ? text.substring(0, max) : text;
  }

  /** The value with the keys of every map in it in byte order. */
  public static Object sorted(Object value) {
    if (value instanceof KubeMap map) {
      List<String> keys = new ArrayList<>(ImmutableList.copyOf(map.keys()));
      Collections.sort(keys);
      KubeMap.Builder builder = KubeMap.builder();
      for (String key : keys) {
        Object child = map.get(key);
        builder.put(key, child == null ? null : sorted(child));
      }
      return builder.build();
    }
    if (value instanceof KubeList list) {
      Object[] children = new Object[list.size()];
      for (int i = 0; i < children.length; i++) {
        children[i] = sorted(list.get(i));
      }
      return KubeList.of(children);
    }
    return value;
  }
}
