package dev.wavetank.core.apiserver.http;

import com.google.common.collect.ImmutableList;
import dev.wavetank.core.api.ApiException;
import dev.wavetank.core.api.FieldSelector;
import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.KubeObject;
import dev.wavetank.core.api.ResourceType;
import dev.wavetank.core.api.Status;
import dev.wavetank.core.apiserver.ApiServer;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Lists: of the newest state or an older one, selected, page by page.
 *
 * <p>Follows staging/src/k8s.io/apiserver/pkg/registry/generic/registry/store.go and
 * staging/src/k8s.io/apiserver/pkg/storage/etcd3/store.go (v1.36).
 */
final class Lists {

  private static final String EXPIRED_TOKEN =
      "The provided continue parameter is too old to display a consistent list result. You can"
          + " start a new list without the continue parameter, or use the continue token in this"
          + " response to retrieve the remainder of the results. Continuing with the provided token"
          + " results in an inconsistent list - objects that were created, modified, or deleted"
          + " between the time the first chunk was returned and now may show up in the list.";

  private static final Comparator<KubeObject> ORDER =
      Comparator.comparing(KubeObject::namespace).thenComparing(KubeObject::name);

  private final ApiServer server;
  private final WatchHistory history;

  Lists(ApiServer server, WatchHistory history) {
    this.server = server;
    this.history = history;
  }

  ApiResponse list(ResourceRequest target, ListParameters parameters, Representation form) {
    @Nullable ContinueToken token = null;
    if (!parameters.continueText().isEmpty()) {
      token = ContinueToken.parse(parameters.continueText(), target.namespace());
      if (!parameters.resourceVersion().isEmpty()) {
        throw new ApiException(
            Status.badRequest("specifying resource version is not allowed when using continue"));
      }
      if (token.revision() >= 0 && token.revision() < history.oldest()) {
        return expired(target, token, form);
      }
    }
    long revision = revision(parameters, token);
    List<KubeObject> selected = new ArrayList<>();
    for (KubeObject object : candidates(target, parameters, revision)) {
      if (parameters.selects(object) && (token == null || isBehind(object, token.start()))) {
        selected.add(object);
      }
    }
    return page(target, parameters, form, selected, revision);
  }

  private ApiResponse page(
      ResourceRequest target,
      ListParameters parameters,
      Representation form,
      List<KubeObject> selected,
      long revision) {
    KubeMap metadata = KubeMap.of("resourceVersion", Long.toString(revision));
    long limit = parameters.resourceVersion().equals("0") ? 0 : parameters.limit();
    List<KubeObject> page = selected;
    if (limit > 0 && selected.size() > limit) {
      page = selected.subList(0, (int) limit);
      ContinueToken next = ContinueToken.after(page.get(page.size() - 1), revision);
      metadata = metadata.with("continue", next.text(target.namespace()));
      if (!parameters.selective()) {
        metadata = metadata.with("remainingItemCount", selected.size() - limit);
      }
    }
    KubeMap tree =
        ObjectResponses.list(target.type(), page, form, metadata, server.simulation().instant());
    return ApiResponse.of(200, form.contentType(), form.bytes(tree));
  }

  private List<KubeObject> candidates(
      ResourceRequest target, ListParameters parameters, long revision) {
    ResourceType type = target.type();
    FieldSelector fields = parameters.fields();
    if (revision < server.revision()) {
      List<KubeObject> all = history.listAt(type, revision);
      all.removeIf(object -> !isIn(target, object));
      return all;
    }
    String node = fields.requiredValue("spec.nodeName");
    if (type.equals(ResourceType.PODS) && node != null && !node.isEmpty()) {
      List<KubeObject> pods = new ArrayList<>(server.head().podsOnNode(node));
      pods.removeIf(pod -> !isIn(target, pod));
      pods.sort(ORDER);
      return pods;
    }
    return server.list(type, target.listNamespace(), labels -> true);
  }

  static boolean isIn(ResourceRequest target, KubeObject object) {
    return target.namespace().isEmpty() || target.namespace().equals(object.namespace());
  }

  /** Whether an object comes at a key or behind it. */
  private static boolean isBehind(KubeObject object, String start) {
    int slash = start.indexOf('/');
    String namespace = slash < 0 ? "" : start.substring(0, slash);
    int order = object.namespace().compareTo(namespace);
    return order > 0 || (order == 0 && object.name().compareTo(start.substring(slash + 1)) >= 0);
  }

  private long revision(ListParameters parameters, @Nullable ContinueToken token) {
    long newest = server.revision();
    if (token != null) {
      return token.revision() < 0 ? newest : token.revision();
    }
    long asked = parameters.revision();
    requireReached(asked, newest);
    boolean exact =
        parameters.match().equals("Exact")
            || (parameters.match().isEmpty() && parameters.limit() > 0 && asked > 0);
    if (exact && asked < history.oldest()) {
      throw new ApiException(
          Status.expired("The resourceVersion for the provided list is too old."));
    }
    return exact ? asked : newest;
  }

  /**
   * Refuses a revision of the future.
   *
   * @throws ApiException 504
   */
  static void requireReached(long asked, long newest) {
    if (Long.compareUnsigned(asked, newest) > 0) {
      String message =
          "Too large resource version: " + Long.toUnsignedString(asked) + ", current: " + newest;
      throw new ApiException(
          new Status(
              504,
              "Timeout",
              "Timeout: " + message,
              null,
              "",
              ImmutableList.of(
                  new Status.Cause("ResourceVersionTooLarge", "Too large resource version", "")),
              1));
    }
  }

  /** The refusal of a token that is too old holds another one for the newest state. */
  private static ApiResponse expired(
      ResourceRequest target, ContinueToken token, Representation form) {
    KubeObject status = StatusBody.failure(Status.expired(EXPIRED_TOKEN));
    String next = new ContinueToken(-1, token.start()).text(target.namespace());
    KubeObject told = status.with(next, "metadata", "continue");
    return ObjectResponses.plain(410, told, form);
  }
}
