package dev.wavetank.core.kubectl;

import java.util.TreeSet;

/**
 * {@code kubectl api-versions}.
 *
 * <p>Follows staging/src/k8s.io/kubectl/pkg/cmd/apiresources/apiversions.go (v1.36).
 */
final class ApiVersionsCommand extends Command {

  ApiVersionsCommand() {
    super(
        "api-versions",
        "Print the supported API versions on the server, in the form of \"group/version\"");
  }

  @Override
  void run(Invocation call) {
    if (!call.args().isEmpty()) {
      throw call.usage("unexpected arguments: [" + String.join(" ", call.args()) + "]");
    }
    TreeSet<String> versions = new TreeSet<>();
    call.mapper().all().forEach(type -> versions.add(type.apiVersion()));
    versions.forEach(call::println);
  }
}
