package dev.wavetank.core.apiserver.policy;

import com.google.common.collect.ImmutableMap;
import dev.cel.common.types.SimpleType;
import dev.wavetank.core.apiserver.cel.CelEnvironment;

/** Where the expressions of policies are compiled: nothing is known of the objects they judge. */
final class PolicyExpressions {

  static final CelEnvironment ENVIRONMENT =
      new CelEnvironment(
          ImmutableMap.of(
              "object", SimpleType.DYN,
              "oldObject", SimpleType.DYN,
              "request", SimpleType.DYN,
              "params", SimpleType.DYN,
              "namespaceObject", SimpleType.DYN,
              "variables", SimpleType.DYN));

  private PolicyExpressions() {}
}
