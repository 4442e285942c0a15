package dev.wavetank.core.apiserver.registry;

import com.google.common.collect.ImmutableList;
import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.KubeObject;
import dev.wavetank.core.apiserver.FieldErrors;
import dev.wavetank.core.apiserver.SpecStrategy;
import java.util.regex.Pattern;

/**
 * IngressClasses: which controller cares for one never changes.
 *
 * <p>Follows pkg/registry/networking/ingressclass/strategy.go, pkg/apis/networking/v1/defaults.go
 * and pkg/apis/networking/validation/validation.go (v1.36).
 */
final class IngressClassStrategy extends SpecStrategy {

  private static final int CONTROLLER_BYTES_MAX = 250;
  private static final String CLUSTER = "Cluster";
  private static final String NAMESPACE = "Namespace";
  private static final ImmutableList<String> SCOPES = ImmutableList.of(CLUSTER, NAMESPACE);

  @Override
  public KubeObject defaults(KubeObject object) {
    KubeMap parameters = object.spec().map("parameters");
    return parameters == null || parameters.has("scope")
        ? object
        : object.withSpec(object.spec().with("parameters", parameters.with("scope", CLUSTER)));
  }

  @Override
  public void validateCreate(KubeObject object, FieldErrors errors) {
    String controller = object.spec().string("controller", "");
    if (controller.length() > CONTROLLER_BYTES_MAX) {
      errors.tooLong("spec.controller", CONTROLLER_BYTES_MAX);
    }
    domainPrefixedPath(controller, "spec.controller", errors);
    KubeMap parameters = object.spec().map("parameters");
    if (parameters != null) {
      reference(parameters, "spec.parameters", errors);
      scope(parameters, "spec.parameters", errors);
    }
  }

  @Override
  public void validateUpdate(KubeObject next, KubeObject old, FieldErrors errors) {
    Checks.immutable(
        next.spec().string("controller", ""),
        old.spec().string("controller", ""),
        "spec.controller",
        errors);
    validateCreate(next, errors);
  }

  private static final String PATH_FORM = "[A-Za-z0-9/\\-._~%!$&'()*+,;=:]+";
  private static final Pattern PATH = Pattern.compile(PATH_FORM);

  /** A name such as {@code acme.io/foo}. */
  static void domainPrefixedPath(String text, String path, FieldErrors errors) {
    if (text.isEmpty()) {
      errors.required(path, "");
      return;
    }
    int slash = text.indexOf('/');
    if (slash <= 0 || slash == text.length() - 1) {
      errors.invalid(path, text, "must be a domain-prefixed path (such as \"acme.io/foo\")");
      return;
    }
    Checks.dnsSubdomain(text.substring(0, slash), path, errors);
    String rest = text.substring(slash + 1);
    if (!PATH.matcher(rest).matches()) {
      errors.invalid(path, rest, "Invalid path (regex used for validation is '" + PATH_FORM + "')");
    }
  }

  /** A {@code TypedLocalObjectReference}. */
  static void reference(KubeMap reference, String path, FieldErrors errors) {
    if (reference.get("apiGroup") instanceof String group) {
      Checks.dnsSubdomain(group, path + ".apiGroup", errors);
    }
    Checks.kindAndName(reference, path, errors);
  }

  private static void scope(KubeMap parameters, String path, FieldErrors errors) {
    String scope = parameters.string("scope", "");
    String namespace = parameters.string("namespace");
    if (!SCOPES.contains(scope)) {
      errors.unsupported(path + ".scope", scope, SCOPES);
    } else if (scope.equals(NAMESPACE) && namespace == null) {
      errors.required(path + ".namespace", "`parameters.scope` is set to 'Namespace'");
    } else if (scope.equals(NAMESPACE) && namespace != null) {
      Checks.dnsLabel(namespace, path + ".namespace", errors);
    } else if (namespace != null) {
      errors.forbidden(path + ".namespace", "`parameters.scope` is set to 'Cluster'");
    }
  }
}
