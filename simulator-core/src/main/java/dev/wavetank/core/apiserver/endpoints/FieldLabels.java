package dev.wavetank.core.apiserver.endpoints;

import com.google.common.collect.ImmutableMap;
import com.google.common.collect.ImmutableSet;
import dev.wavetank.core.api.ApiException;
import dev.wavetank.core.api.CustomResource;
import dev.wavetank.core.api.FieldSelector;
import dev.wavetank.core.api.GoQuote;
import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.KubeObject;
import dev.wavetank.core.api.ResourceType;
import dev.wavetank.core.api.Status;
import org.jspecify.annotations.Nullable;

/**
 * The fields by which a list can be narrowed, type by type, and their values.
 *
 * <p>Follows pkg/apis/core/v1/conversion.go and those of batch and certificates, the strategies of
 * pkg/registry/core and staging/src/k8s.io/apimachinery/pkg/runtime/conversion.go (v1.36).
 */
public final class FieldLabels {

  private static final ImmutableSet<String> METADATA =
      ImmutableSet.of("metadata.name", "metadata.namespace");

  private static final ImmutableMap<ResourceType, ImmutableSet<String>> LABELS =
      ImmutableMap.of(
          ResourceType.PODS,
          ImmutableSet.of(
              "metadata.name",
              "metadata.namespace",
              "spec.nodeName",
              "spec.restartPolicy",
              "spec.schedulerName",
              "spec.serviceAccountName",
              "spec.hostNetwork",
              "status.phase",
              "status.podIP",
              "status.podIPs",
              "status.nominatedNodeName"),
          ResourceType.NODES,
          ImmutableSet.of("metadata.name", "spec.unschedulable"),
          ResourceType.NAMESPACES,
          ImmutableSet.of("metadata.name", "status.phase"),
          ResourceType.JOBS,
          ImmutableSet.of("metadata.name", "metadata.namespace", "status.successful"),
          ResourceType.REPLICATION_CONTROLLERS,
          ImmutableSet.of("metadata.name", "metadata.namespace", "status.replicas"),
          ResourceType.CERTIFICATE_SIGNING_REQUESTS,
          ImmutableSet.of("metadata.name", "spec.signerName"),
          ResourceType.SECRETS,
          ImmutableSet.of("metadata.name", "metadata.namespace", "type"),
          ResourceType.SERVICES,
          ImmutableSet.of("metadata.name", "metadata.namespace", "spec.clusterIP", "spec.type"),
          ResourceType.EVENTS,
          ImmutableSet.of(
              "metadata.name",
              "metadata.namespace",
              "involvedObject.kind",
              "involvedObject.namespace",
              "involvedObject.name",
              "involvedObject.uid",
              "involvedObject.apiVersion",
              "involvedObject.resourceVersion",
              "involvedObject.fieldPath",
              "reason",
              "reportingComponent",
              "source",
              "type"),
          ResourceType.EVENTS_OF_EVENTS,
          ImmutableSet.of(
              "metadata.name",
              "metadata.namespace",
              "regarding.kind",
              "regarding.namespace",
              "regarding.name",
              "regarding.uid",
              "regarding.apiVersion",
              "regarding.resourceVersion",
              "regarding.fieldPath",
              "reason",
              "reportingController",
              "type"));

  private FieldLabels() {}

  /**
   * The selector of a text, whose fields the type must know; it selects objects as stored.
   *
   * @throws ApiException 400 when it is none
   */
  public static FieldSelector parse(ResourceType type, String text) {
    FieldSelector selector;
    try {
      selector = FieldSelector.parse(text);
    } catch (IllegalArgumentException e) {
      throw new ApiException(Status.badRequest(String.valueOf(e.getMessage())));
    }
    ImmutableSet<String> known = known(type);
    boolean typed = LABELS.containsKey(type) || type.custom() != null;
    for (FieldSelector.Term term : selector.terms()) {
      if (!known.contains(term.field())) {
        throw new ApiException(
            Status.badRequest(
                typed
                    ? "field label not supported: " + term.field()
                    : GoQuote.quote(term.field())
                        + " is not a known field selector: only \"metadata.name\","
                        + " \"metadata.namespace\""));
      }
    }
    return type.equals(ResourceType.EVENTS_OF_EVENTS)
        ? selector.renamed(FieldLabels::older)
        : selector;
  }

  private static ImmutableSet<String> known(ResourceType type) {
    CustomResource custom = type.custom();
    return custom == null
        ? LABELS.getOrDefault(type, METADATA)
        : ImmutableSet.<String>builder().addAll(METADATA).addAll(custom.selectableFields()).build();
  }

  /** Whether an object is selected. */
  public static boolean matches(FieldSelector selector, KubeObject object) {
    return selector.empty() || selector.matches(field -> value(object, field));
  }

  private static @Nullable String value(KubeObject object, String field) {
    KubeMap root = object.root();
    return switch (field) {
      case "spec.hostNetwork", "spec.unschedulable" ->
          Boolean.toString(object.spec().bool(field.substring("spec.".length()), false));
      case "status.successful" -> Long.toString(object.status().number("succeeded", 0));
      case "status.podIP" -> object.status().listOrEmpty("podIPs").isEmpty() ? "" : podIp(object);
      case "source" -> {
        String component = root.mapOrEmpty("source").string("component", "");
        yield component.isEmpty() ? root.string("reportingComponent", "") : component;
      }
      default -> {
        Object found = root.at(field.split("\\.", -1));
        yield found == null ? "" : found.toString();
      }
    };
  }

  /** The field of v1, in which Events are stored. */
  private static String older(String field) {
    if (field.startsWith("regarding.")) {
      return "involvedObject".concat(field.substring("regarding".length()));
    }
    return field.equals("reportingController") ? "reportingComponent" : field;
  }

  private static String podIp(KubeObject pod) {
    return pod.status().listOrEmpty("podIPs").map(0).string("ip", "");
  }
}
