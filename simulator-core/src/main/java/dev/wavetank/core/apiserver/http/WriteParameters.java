package dev.wavetank.core.apiserver.http;

import com.google.common.collect.ImmutableList;
import dev.wavetank.core.api.ApiException;
import dev.wavetank.core.api.KubeList;
import dev.wavetank.core.api.ResourceType;
import dev.wavetank.core.apiserver.FieldErrors;
import dev.wavetank.core.apiserver.endpoints.FieldValidation;
import dev.wavetank.core.apiserver.endpoints.WriteOptions;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * What the query of a write asks for.
 *
 * <p>Follows staging/src/k8s.io/apimachinery/pkg/apis/meta/v1/validation/validation.go (v1.36).
 *
 * @param fieldManager who writes, as managed fields name it
 * @param force whether an apply takes what others own
 */
record WriteParameters(WriteOptions options, String fieldManager, boolean force) {

  /** Most bytes of a field manager's name. */
  static final int FIELD_MANAGER_BYTES_MAX = 128;

  /**
   * The parameters of a request.
   *
   * @param kind of the options, such as {@code CreateOptions}
   * @param apply whether it is a server-side apply
   * @throws ApiException 422 when one is not supported
   */
  static WriteParameters of(ApiRequest request, String kind, boolean apply) {
    QueryParameters query = request.query();
    FieldErrors errors = new FieldErrors();
    String manager = query.string("fieldManager");
    if (apply && manager.isEmpty()) {
      errors.required("fieldManager", "is required for apply patch");
    }
    if (!apply && kind.equals("PatchOptions") && query.has("force")) {
      errors.forbidden("force", "may not be specified for non-apply patch");
    }
    if (manager.getBytes(StandardCharsets.UTF_8).length > FIELD_MANAGER_BYTES_MAX) {
      errors.tooLong("fieldManager", FIELD_MANAGER_BYTES_MAX);
    }
    boolean dryRun = dryRun(query.strings("dryRun"), errors);
    String asked = query.string("fieldValidation");
    FieldValidation validation =
        switch (asked) {
          case "Ignore" -> FieldValidation.IGNORE;
          case "Strict" -> FieldValidation.STRICT;
          case "", "Warn" -> FieldValidation.WARN;
          default -> {
            errors.unsupported(
                "fieldValidation", asked, ImmutableList.of("", "Ignore", "Strict", "Warn"));
            yield FieldValidation.WARN;
          }
        };
    refuse(errors, kind);
    return new WriteParameters(
        new WriteOptions(dryRun, validation),
        manager.isEmpty() ? agent(request) : manager,
        query.bool("force"));
  }

  static boolean dryRun(List<?> values, FieldErrors errors) {
    if (values.isEmpty() || (values.size() == 1 && values.get(0).equals(""))) {
      return false;
    }
    if (!values.stream().allMatch("All"::equals)) {
      errors.unsupported("dryRun", KubeList.copyOf(values), ImmutableList.of("All"));
    }
    return true;
  }

  static void refuse(FieldErrors errors, String kind) {
    if (!errors.isEmpty()) {
      ResourceType options = new ResourceType("meta.k8s.io", "v1", kind, "", "", false);
      throw new ApiException(errors.status(options, ""));
    }
  }

  /** Whoever does not name itself is named by its program. */
  private static String agent(ApiRequest request) {
    String agent = request.header("user-agent");
    int slash = agent.indexOf('/');
    String name = slash < 0 ? agent : agent.substring(0, slash);
    return name.isEmpty() ? "unknown" : name.substring(0, Math.min(name.length(), 128));
  }
}
