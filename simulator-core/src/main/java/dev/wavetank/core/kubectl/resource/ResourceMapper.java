package dev.wavetank.core.kubectl.resource;

import com.google.common.base.Ascii;
import com.google.common.collect.ImmutableList;
import dev.wavetank.core.api.GoQuote;
import dev.wavetank.core.api.ResourceType;
import dev.wavetank.core.apiserver.ApiServer;
import dev.wavetank.core.kubectl.errors.CommandException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Finds the type that a word means: {@code po}, {@code pod}, {@code pods}, {@code
 * deployments.apps}, {@code deployments.v1.apps}, {@code Deployment}.
 *
 * <p>Follows staging/src/k8s.io/client-go/restmapper and
 * staging/src/k8s.io/apimachinery/pkg/api/meta/restmapper.go (v1.36).
 */
public final class ResourceMapper {

  private static final ImmutableList<ResourceType> ALL =
      ImmutableList.of(
          ResourceType.PODS,
          ResourceType.SERVICES,
          ResourceType.DEPLOYMENTS,
          ResourceType.REPLICA_SETS);

  private final ApiServer server;

  public ResourceMapper(ApiServer server) {
    this.server = server;
  }

  /**
   * The type of a word.
   *
   * @throws CommandException when the server has none
   */
  public ResourceType typeOf(String word) {
    ResourceType type = find(word);
    if (type == null) {
      throw unknownType(word);
    }
    return type;
  }

  /** What kubectl says of a word that means no type. */
  public static CommandException unknownType(String word) {
    return CommandException.of(
        "the server doesn't have a resource type " + GoQuote.quote(word.split("\\.", 2)[0]));
  }

  /** The type of a word, or null. */
  public @Nullable ResourceType find(String word) {
    String[] parts = word.split("\\.", 3);
    if (parts.length == 3) {
      ResourceType exact =
          first(parts[0], type -> type.version().equals(parts[1]) && type.group().equals(parts[2]));
      if (exact != null) {
        return exact;
      }
    }
    String group = word.contains(".") ? word.substring(word.indexOf('.') + 1) : "";
    if (group.isEmpty()) {
      return first(parts[0], type -> true);
    }
    ResourceType exact = first(parts[0], type -> type.group().equals(group));
    return exact != null ? exact : first(parts[0], type -> type.group().startsWith(group));
  }

  private @Nullable ResourceType first(String name, Predicate<ResourceType> fits) {
    String lower = Ascii.toLowerCase(name);
    for (ResourceType type : server.served().served()) {
      boolean named =
          type.plural().equals(lower)
              || type.singular().equals(lower)
              || type.shortNames().contains(lower);
      if (named && fits.test(type)) {
        return type;
      }
    }
    return null;
  }

  /** The type of an object's apiVersion and kind, or null. */
  public @Nullable ResourceType typeOf(String apiVersion, String kind) {
    return server.typeOf(apiVersion, kind);
  }

  /** The types of words with commas between them; {@code all} means several. */
  public List<ResourceType> typesOf(String words) {
    List<ResourceType> types = new ArrayList<>();
    for (String word : words.split(",", -1)) {
      List<ResourceType> meant = word.equals("all") ? ALL : List.of(typeOf(word));
      for (ResourceType type : meant) {
        if (!types.contains(type)) {
          types.add(type);
        }
      }
    }
    return types;
  }

  /** Every type that the server has, by group in the order of discovery. */
  public List<ResourceType> all() {
    return ImmutableList.copyOf(server.served().served());
  }
}
