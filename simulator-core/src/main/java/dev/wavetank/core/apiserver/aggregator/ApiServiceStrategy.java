package dev.wavetank.core.apiserver.aggregator;

import com.google.common.collect.ImmutableList;
import dev.wavetank.core.api.GoQuote;
import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.KubeObject;
import dev.wavetank.core.apiserver.FieldErrors;
import dev.wavetank.core.apiserver.Formats;
import dev.wavetank.core.apiserver.ResourceStrategy;
import java.util.Base64;
import java.util.List;

/**
 * APIServices.
 *
 * <p>Follows staging/src/k8s.io/kube-aggregator/pkg/registry/apiservice/strategy.go and
 * staging/src/k8s.io/kube-aggregator/pkg/apis/apiregistration/validation/validation.go (v1.36).
 */
final class ApiServiceStrategy implements ResourceStrategy {

  private static final ImmutableList<String> STATUSES =
      ImmutableList.of("True", "False", "Unknown");

  @Override
  public KubeObject defaults(KubeObject object) {
    KubeMap service = object.spec().map("service");
    return service == null || service.has("port")
        ? object
        : object.with(443L, "spec", "service", "port");
  }

  @Override
  public List<String> nameErrors(String name) {
    return Formats.pathSegment(name);
  }

  @Override
  public KubeObject prepareForCreate(KubeObject object) {
    return object.withStatus(KubeMap.EMPTY);
  }

  @Override
  public boolean statusSubresource() {
    return true;
  }

  @Override
  public boolean generation() {
    return false;
  }

  @Override
  public boolean unconditionalUpdate() {
    return false;
  }

  @Override
  public void validateUpdate(KubeObject next, KubeObject old, FieldErrors errors) {
    validateCreate(next, errors);
  }

  @Override
  public void validateStatusUpdate(KubeObject next, KubeObject old, FieldErrors errors) {
    int i = 0;
    for (KubeMap condition : next.status().listOrEmpty("conditions").maps()) {
      String status = condition.string("status", "");
      if (!STATUSES.contains(status)) {
        errors.unsupported("status.conditions[" + i + "].status", status, STATUSES);
      }
      i++;
    }
  }

  @Override
  public void validateCreate(KubeObject object, FieldErrors errors) {
    KubeMap spec = object.spec();
    String group = spec.string("group", "");
    String version = spec.string("version", "");
    String required = version + "." + group;
    if (!object.name().equals(required)) {
      errors.invalid(
          "metadata.name",
          object.name(),
          "must be `spec.version+\".\"+spec.group`: " + GoQuote.quote(required));
    }
    if (group.isEmpty()) {
      if (!version.equals("v1")) {
        errors.required(
            "spec.group", "only v1 may have an empty group and it better be legacy kube");
      }
    } else {
      errors.invalid("spec.group", group, Formats.dnsSubdomain(group));
    }
    errors.invalid("spec.version", version, Formats.dns1035Label(version));
    within(spec, "groupPriorityMinimum", 20_000, errors);
    within(spec, "versionPriority", 1000, errors);
    KubeMap service = spec.map("service");
    if (service == null) {
      local(spec, errors);
    } else {
      remote(spec, service, errors);
    }
  }

  private static void within(KubeMap spec, String field, long max, FieldErrors errors) {
    long value = spec.number(field, 0);
    if (value <= 0 || value > max) {
      errors.invalid("spec." + field, value, "must be positive and less than " + max);
    }
  }

  private static void local(KubeMap spec, FieldErrors errors) {
    String bundle = spec.string("caBundle", "");
    if (!bundle.isEmpty()) {
      int bytes = Base64.getMimeDecoder().decode(bundle).length;
      errors.invalid(
          "spec.caBundle", bytes + " bytes", "local APIServices may not have a caBundle");
    }
    if (spec.bool("insecureSkipTLSVerify", false)) {
      errors.invalid(
          "spec.insecureSkipTLSVerify",
          true,
          "local APIServices may not have insecureSkipTLSVerify");
    }
  }

  private static void remote(KubeMap spec, KubeMap service, FieldErrors errors) {
    for (String field : ImmutableList.of("namespace", "name")) {
      if (service.string(field, "").isEmpty()) {
        errors.required("spec.service." + field, "");
      }
    }
    long port = service.number("port", 0);
    List<String> details = Formats.portNumber(port);
    if (!details.isEmpty()) {
      errors.invalid("spec.service.port", port, "port is not valid: " + String.join(", ", details));
    }
    if (spec.bool("insecureSkipTLSVerify", false) && !spec.string("caBundle", "").isEmpty()) {
      errors.invalid("spec.insecureSkipTLSVerify", true, "may not be true if caBundle is present");
    }
  }
}
