package dev.wavetank.core.apiserver.webhook;

import com.google.common.collect.ImmutableList;
import dev.wavetank.core.api.KubeList;
import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.KubeObject;
import dev.wavetank.core.apiserver.FieldErrors;
import dev.wavetank.core.apiserver.Formats;
import dev.wavetank.core.apiserver.ResourceStrategy;
import dev.wavetank.core.apiserver.cel.CelEnvironment;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * MutatingWebhookConfigurations and ValidatingWebhookConfigurations.
 *
 * <p>Follows pkg/registry/admissionregistration, pkg/apis/admissionregistration/v1/defaults.go,
 * pkg/apis/admissionregistration/validation/validation.go and
 * staging/src/k8s.io/apiserver/pkg/util/webhook/validation.go (v1.36); the syntax of selectors is
 * not checked.
 */
public final class WebhookConfigurationStrategy implements ResourceStrategy {

  private static final ImmutableList<String> FAILURES = ImmutableList.of("Fail", "Ignore");
  private static final ImmutableList<String> MATCHES = ImmutableList.of("Equivalent", "Exact");
  private static final ImmutableList<String> EFFECTS = ImmutableList.of("None", "NoneOnDryRun");
  private static final ImmutableList<String> REINVOCATIONS = ImmutableList.of("IfNeeded", "Never");
  private static final ImmutableList<String> OPERATIONS =
      ImmutableList.of("*", "CONNECT", "CREATE", "DELETE", "UPDATE");
  private static final ImmutableList<String> SCOPES =
      ImmutableList.of("*", "Cluster", "Namespaced");
  private static final ImmutableList<String> VERSIONS = ImmutableList.of("v1", "v1beta1");
  private static final long TIMEOUT_SECONDS_MAX = 30;
  private static final String URL_FORM = "; desired format: https://host[/path]";

  private final boolean mutating;

  private WebhookConfigurationStrategy(boolean mutating) {
    this.mutating = mutating;
  }

  public static WebhookConfigurationStrategy ofMutating() {
    return new WebhookConfigurationStrategy(true);
  }

  public static WebhookConfigurationStrategy ofValidating() {
    return new WebhookConfigurationStrategy(false);
  }

  @Override
  public KubeObject defaults(KubeObject object) {
    KubeList webhooks = object.root().list("webhooks");
    if (webhooks == null) {
      return object;
    }
    KubeList made = webhooks;
    for (int i = 0; i < webhooks.size(); i++) {
      made = made.with(i, withDefaults(webhooks.map(i)));
    }
    return object.with(made, "webhooks");
  }

  private KubeMap withDefaults(KubeMap webhook) {
    KubeMap made = webhook.withDefault("failurePolicy", "Fail");
    made = made.withDefault("matchPolicy", "Equivalent");
    made = made.withDefault("namespaceSelector", KubeMap.EMPTY);
    made = made.withDefault("objectSelector", KubeMap.EMPTY);
    made = made.withDefault("timeoutSeconds", 10L);
    made = mutating ? made.withDefault("reinvocationPolicy", "Never") : made;
    KubeMap client = made.mapOrEmpty("clientConfig");
    KubeMap service = client.map("service");
    if (service != null) {
      made = made.with("clientConfig", client.with("service", service.withDefault("port", 443L)));
    }
    KubeList rules = made.listOrEmpty("rules");
    for (int i = 0; i < rules.size(); i++) {
      rules = rules.with(i, rules.map(i).withDefault("scope", "*"));
    }
    return rules.isEmpty() ? made : made.with("rules", rules);
  }

  @Override
  public boolean generation() {
    return true;
  }

  @Override
  public boolean raisesGeneration(KubeObject next, KubeObject old) {
    return !next.root().listOrEmpty("webhooks").equals(old.root().listOrEmpty("webhooks"));
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
  public void validateCreate(KubeObject object, FieldErrors errors) {
    KubeList webhooks = object.root().listOrEmpty("webhooks");
    Set<String> names = new TreeSet<>();
    for (int i = 0; i < webhooks.size(); i++) {
      KubeMap webhook = webhooks.map(i);
      String path = "webhooks[" + i + "]";
      webhook(webhook, path, errors);
      versions(webhook.listOrEmpty("admissionReviewVersions"), path, errors);
      String name = webhook.string("name", "");
      if (!name.isEmpty() && !names.add(name)) {
        errors.duplicate(path + ".name", name);
      }
    }
  }

  private void webhook(KubeMap webhook, String path, FieldErrors errors) {
    name(webhook.string("name", ""), path + ".name", errors);
    KubeList rules = webhook.listOrEmpty("rules");
    for (int i = 0; i < rules.size(); i++) {
      rule(rules.map(i), path + ".rules[" + i + "]", errors);
    }
    word(webhook, "failurePolicy", FAILURES, path, errors);
    word(webhook, "matchPolicy", MATCHES, path, errors);
    if (!webhook.has("sideEffects")) {
      errors.required(path + ".sideEffects", "must specify one of None, NoneOnDryRun");
    }
    word(webhook, "sideEffects", EFFECTS, path, errors);
    if (webhook.get("timeoutSeconds") instanceof Long seconds
        && (seconds < 1 || seconds > TIMEOUT_SECONDS_MAX)) {
      errors.invalid(
          path + ".timeoutSeconds", seconds, "the timeout value must be between 1 and 30 seconds");
    }
    word(webhook, "reinvocationPolicy", REINVOCATIONS, path, errors);
    client(webhook.mapOrEmpty("clientConfig"), path + ".clientConfig", errors);
    conditions(webhook.listOrEmpty("matchConditions"), path + ".matchConditions", errors);
  }

  private static void word(
      KubeMap webhook, String key, ImmutableList<String> known, String path, FieldErrors errors) {
    if (webhook.get(key) instanceof String word && !known.contains(word)) {
      errors.unsupported(path + "." + key, word, known);
    }
  }

  private static void name(String name, String path, FieldErrors errors) {
    if (name.isEmpty()) {
      errors.required(path, "");
      return;
    }
    List<String> form = Formats.dnsSubdomain(name);
    if (!form.isEmpty()) {
      errors.invalid(path, name, String.join(",", form));
    } else if (name.split("\\.", -1).length < 3) {
      errors.invalid(
          path, name, "should be a domain with at least three segments separated by dots");
    }
  }

  private static void versions(KubeList versions, String path, FieldErrors errors) {
    String at = path + ".admissionReviewVersions";
    if (versions.isEmpty()) {
      errors.required(at, "must specify one of v1, v1beta1");
      return;
    }
    Set<String> seen = new TreeSet<>();
    boolean known = false;
    for (int i = 0; i < versions.size(); i++) {
      String version = versions.get(i).toString();
      if (!seen.add(version)) {
        errors.invalid(at + "[" + i + "]", version, "duplicate version");
      } else {
        errors.invalid(at + "[" + i + "]", version, Formats.dns1035Label(version));
      }
      known |= VERSIONS.contains(version);
    }
    if (!known) {
      errors.invalid(at, versions, "must include at least one of v1, v1beta1");
    }
  }

  private static void rule(KubeMap rule, String path, FieldErrors errors) {
    KubeList operations = rule.listOrEmpty("operations");
    if (operations.isEmpty()) {
      errors.required(path + ".operations", "");
    }
    star(operations, "operations", path, errors);
    for (int i = 0; i < operations.size(); i++) {
      if (!OPERATIONS.contains(operations.get(i).toString())) {
        errors.unsupported(path + ".operations[" + i + "]", operations.get(i), OPERATIONS);
      }
    }
    for (String field : ImmutableList.of("apiGroups", "apiVersions", "resources")) {
      KubeList values = rule.listOrEmpty(field);
      if (values.isEmpty()) {
        errors.required(path + "." + field, "");
      }
      if (!field.equals("resources")) {
        star(values, field, path, errors);
      }
      for (int i = 0; i < values.size(); i++) {
        if (values.get(i).equals("") && !field.equals("apiGroups")) {
          errors.required(path + "." + field + "[" + i + "]", "");
        }
      }
    }
    word(rule, "scope", SCOPES, path, errors);
  }

  private static void star(KubeList values, String field, String path, FieldErrors errors) {
    if (values.size() > 1 && values.contains("*")) {
      String others =
          field.equals("operations")
              ? "operations"
              : field.equals("apiGroups") ? "API groups" : "API versions";
      errors.invalid(
          path + "." + field, values, "if '*' is present, must not specify other " + others);
    }
  }

  /** What is wrong with a {@code clientConfig}: it names either a URL or a Service. */
  public static void client(KubeMap client, String path, FieldErrors errors) {
    KubeMap service = client.map("service");
    if (client.has("url") == (service != null)) {
      errors.required(path, "exactly one of url or service is required");
    } else if (service != null) {
      service(service, path + ".service", errors);
    } else {
      url(client.string("url", ""), path + ".url", errors);
    }
  }

  private static void url(String text, String path, FieldErrors errors) {
    URI url;
    try {
      url = new URI(text);
    } catch (URISyntaxException e) {
      errors.required(path, "url must be a valid URL: " + e.getReason() + URL_FORM);
      return;
    }
    String scheme = url.getScheme() == null ? "" : url.getScheme();
    if (!scheme.equals("https")) {
      errors.invalid(path, scheme, "'https' is the only allowed URL scheme" + URL_FORM);
    }
    if (url.getHost() == null) {
      errors.invalid(path, "", "host must be specified" + URL_FORM);
    }
    if (url.getUserInfo() != null) {
      errors.invalid(path, url.getUserInfo(), "user information is not permitted in the URL");
    }
    if (url.getFragment() != null) {
      errors.invalid(path, url.getFragment(), "fragments are not permitted in the URL");
    }
    if (url.getQuery() != null) {
      errors.invalid(path, url.getQuery(), "query parameters are not permitted in the URL");
    }
  }

  private static void service(KubeMap service, String path, FieldErrors errors) {
    for (String key : ImmutableList.of("name", "namespace")) {
      if (service.string(key, "").isEmpty()) {
        errors.required(path + "." + key, "");
      }
    }
    long port = service.number("port", 0);
    if (!Formats.portNumber(port).isEmpty()) {
      errors.invalid(
          path + ".port",
          port,
          "port is not valid: " + String.join(", ", Formats.portNumber(port)));
    }
    String route = service.string("path", "");
    if (route.isEmpty() || route.equals("/")) {
      return;
    }
    if (!route.startsWith("/")) {
      errors.invalid(path + ".path", route, "must start with a '/'");
    }
    String rest = route.substring(1);
    String[] steps =
        (rest.endsWith("/") ? rest.substring(0, rest.length() - 1) : rest).split("/", -1);
    for (int i = 0; i < steps.length; i++) {
      String segment = "segment[" + i + "]";
      if (steps[i].isEmpty()) {
        errors.invalid(path + ".path", route, segment + " may not be empty");
      } else {
        for (String wrong : Formats.dnsSubdomain(steps[i])) {
          errors.invalid(path + ".path", route, segment + ": " + wrong);
        }
      }
    }
  }

  private static void conditions(KubeList conditions, String path, FieldErrors errors) {
    Set<String> names = new TreeSet<>();
    for (int i = 0; i < conditions.size(); i++) {
      KubeMap condition = conditions.map(i);
      String at = path + "[" + i + "]";
      String expression = condition.string("expression", "").strip();
      if (expression.isEmpty()) {
        errors.required(at + ".expression", "");
      } else {
        try {
          WebhookExpressions.ENVIRONMENT.compile(expression);
        } catch (CelEnvironment.CompilationException e) {
          errors.invalid(at + ".expression", expression, String.valueOf(e.getMessage()));
        }
      }
      String name = condition.string("name", "");
      if (name.isEmpty()) {
        errors.required(at + ".name", "");
      } else {
        errors.invalid(at + ".name", name, Formats.qualifiedName(name));
        if (!names.add(name)) {
          errors.duplicate(at + ".name", name);
        }
      }
    }
  }
}
