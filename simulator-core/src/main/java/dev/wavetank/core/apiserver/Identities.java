package dev.wavetank.core.apiserver;

import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.KubeObject;
import dev.wavetank.core.api.ObjectKey;
import dev.wavetank.core.api.ResourceType;
import dev.wavetank.core.api.Status;
import dev.wavetank.core.api.Timestamps;
import dev.wavetank.core.sim.ChoiceStream;
import dev.wavetank.core.sim.Simulation;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * What the server gives an object when it is created: namespace, generated name, uid, time of
 * creation. Uids and suffixes are choices, so a seed fixes them.
 *
 * <p>Follows staging/src/k8s.io/apiserver/pkg/registry/rest/create.go and
 * pkg/storage/names/generate.go (v1.36).
 */
final class Identities {

  private static final String SUFFIX_ALPHABET = "bcdfghjklmnpqrstvwxz2456789";
  private static final int SUFFIX_LENGTH = 5;
  private static final int PREFIX_LENGTH_MAX = 63 - SUFFIX_LENGTH;
  private static final int GENERATE_ATTEMPTS_MAX = 8;
  private static final byte[] HEX = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);

  /** No other object's counter gets there. */
  private static final long ADDRESS_COUNTER_MIN = 1L << 56;

  private static final int TOKEN_KEY_BYTES = 32;

  private final Simulation simulation;
  private final ChoiceStream suffixes;
  private final ChoiceStream uids;
  private final ChoiceStream addressUids;
  private byte @Nullable [] tokenKey;
  private long counter;
  private long addressCounter = ADDRESS_COUNTER_MIN;
  private long timestampSecond = -1;
  private String timestamp = "";

  Identities(Simulation simulation) {
    this.simulation = simulation;
    this.suffixes = simulation.choices().stream("apiserver/generateName");
    this.uids = simulation.choices().stream("apiserver/uid");
    this.addressUids = simulation.choices().stream("apiserver/ipAddressUid");
  }

  String timestamp() {
    long second = simulation.now() / 1_000_000_000L;
    if (second != timestampSecond) {
      timestampSecond = second;
      timestamp = Timestamps.seconds(simulation.instant());
    }
    return timestamp;
  }

  /**
   * The object with its identity.
   *
   * @param generation whether the type's generation is the server's; else the client's is kept
   * @param taken whether a name is in use; a generated name that is taken is drawn again
   */
  KubeObject forCreate(
      ResourceType type, KubeObject object, boolean generation, Predicate<ObjectKey> taken) {
    KubeMap old = object.metadata();
    String name = old.string("name", "");
    String generateName = old.string("generateName", "");
    KubeMap.Builder metadata = KubeMap.builder();
    if (name.isEmpty() && !generateName.isEmpty()) {
      String namespace = old.string("namespace", "default");
      for (int attempt = 0; attempt < GENERATE_ATTEMPTS_MAX; attempt++) {
        name = generate(generateName);
        if (!taken.test(ObjectKey.of(type, namespace, name))) {
          break;
        }
      }
    }
    metadata.put("name", name);
    metadata.put("generateName", generateName.isEmpty() ? null : generateName);
    if (type.namespaced()) {
      String namespace = old.string("namespace", "");
      metadata.put("namespace", namespace.isEmpty() ? "default" : namespace);
    }
    metadata.put("uid", uid(type));
    metadata.put("resourceVersion", "");
    metadata.put("creationTimestamp", timestamp());
    for (int i = 0; i < old.size(); i++) {
      switch (old.keyAt(i)) {
        case "name",
            "generateName",
            "namespace",
            "uid",
            "resourceVersion",
            "creationTimestamp",
            "deletionTimestamp",
            "deletionGracePeriodSeconds",
            "selfLink" -> {}
        case "generation" -> metadata.put("generation", generation ? null : old.valueAt(i));
        default -> metadata.put(old.keyAt(i), old.valueAt(i));
      }
    }
    return object.withMetadata(metadata.build());
  }

  /** Keeps what an update cannot change. */
  KubeObject forUpdate(KubeObject object, KubeObject old) {
    KubeMap metadata = object.metadata();
    KubeMap before = old.metadata();
    if (metadata == before) {
      return object;
    }
    metadata =
        metadata
            .with("uid", object.uid().isEmpty() ? before.get("uid") : object.uid())
            .with("resourceVersion", before.get("resourceVersion"))
            .with("creationTimestamp", before.get("creationTimestamp"))
            .with("generation", before.get("generation"));
    if (old.terminating()) {
      metadata = metadata.with("deletionTimestamp", before.get("deletionTimestamp"));
    }
    if (!metadata.has("deletionGracePeriodSeconds")) {
      Object grace = before.get("deletionGracePeriodSeconds");
      metadata = metadata.with("deletionGracePeriodSeconds", grace);
    }
    return object.withMetadata(metadata);
  }

  private String generate(String prefix) {
    String base =
        prefix.length() > PREFIX_LENGTH_MAX ? prefix.substring(0, PREFIX_LENGTH_MAX) : prefix;
    StringBuilder name = new StringBuilder(base.length() + SUFFIX_LENGTH).append(base);
    long unique = counter++;
    for (int i = 0; i < SUFFIX_LENGTH; i++) {
      int digit = suffixes.choose(SUFFIX_ALPHABET.length());
      int shift = (int) (unique % SUFFIX_ALPHABET.length());
      unique /= SUFFIX_ALPHABET.length();
      name.append(SUFFIX_ALPHABET.charAt((digit + shift) % SUFFIX_ALPHABET.length()));
    }
    return name.toString();
  }

  /**
   * A version 4 uid. IPAddresses come and go with Services and have a stream of their own: they
   * move no other object's uid.
   */
  private String uid(ResourceType type) {
    return type.equals(ResourceType.IP_ADDRESSES)
        ? uid(addressUids, addressCounter++)
        : uid(uids, counter++);
  }

  /** The counter keeps uids distinct when every choice is the first one. */
  private static String uid(ChoiceStream stream, long count) {
    long high = stream.between(0, Long.MAX_VALUE);
    long low = stream.between(0, Long.MAX_VALUE) ^ count;
    byte[] text = new byte[36];
    for (int i = 0, nibble = 0; i < 36; i++) {
      if (i == 8 || i == 13 || i == 18 || i == 23) {
        text[i] = '-';
        continue;
      }
      long half = nibble < 16 ? high : low;
      int digit = (int) (half >>> (60 - 4 * (nibble & 15))) & 15;
      digit = i == 14 ? 4 : i == 19 ? 8 | (digit & 3) : digit;
      text[i] = HEX[digit];
      nibble++;
    }
    return new String(text, StandardCharsets.ISO_8859_1);
  }

  /** The refusal of an object whose name another one has. */
  static Status taken(ResourceType type, KubeObject asked, KubeObject present) {
    Status status = Status.alreadyExists(type, present.name());
    String message = status.message();
    if (asked.name().isEmpty()) {
      message += ", the server was not able to generate a unique name for the object";
    }
    if (present.terminating()) {
      message = "object is being deleted: " + message;
    }
    return new Status(
        status.code(), status.reason(), message, type, present.name(), status.causes());
  }

  /** What tokens of ServiceAccounts are signed with: drawn when the first one is. */
  byte[] tokenKey() {
    byte[] known = tokenKey;
    if (known == null) {
      ChoiceStream key = simulation.choices().stream("apiserver/token-key");
      ByteBuffer bytes = ByteBuffer.allocate(TOKEN_KEY_BYTES);
      while (bytes.hasRemaining()) {
        bytes.putLong(key.between(0, Long.MAX_VALUE));
      }
      known = bytes.array();
      tokenKey = known;
    }
    return known;
  }
}
