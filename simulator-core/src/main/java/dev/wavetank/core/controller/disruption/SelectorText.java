package dev.wavetank.core.controller.disruption;

import dev.wavetank.core.api.KubeMap;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A label selector as Go prints it, which is what upstream puts into a message.
 *
 * <p>Follows {@code LabelSelector.String} of
 * staging/src/k8s.io/apimachinery/pkg/apis/meta/v1/generated.pb.go (v1.36).
 */
final class SelectorText {

  private SelectorText() {}

  static String of(@Nullable KubeMap selector) {
    if (selector == null) {
      return "nil";
    }
    StringBuilder out = new StringBuilder("&LabelSelector{MatchLabels:map[string]string{");
    Map<String, Object> labels = new TreeMap<>();
    KubeMap matchLabels = selector.mapOrEmpty("matchLabels");
    for (int i = 0; i < matchLabels.size(); i++) {
      labels.put(matchLabels.keyAt(i), matchLabels.valueAt(i));
    }
    labels.forEach((key, value) -> out.append(key).append(": ").append(value).append(','));
    out.append("},MatchExpressions:[]LabelSelectorRequirement{");
    for (KubeMap requirement : selector.listOrEmpty("matchExpressions").maps()) {
      out.append("LabelSelectorRequirement{Key:").append(requirement.string("key", ""));
      out.append(",Operator:").append(requirement.string("operator", "")).append(",Values:[");
      String separator = "";
      for (Object value : requirement.listOrEmpty("values")) {
        out.append(separator).append(value);
        separator = " ";
      }
      out.append("],},");
    }
    return out.append("},}").toString();
  }
}
