package dev.wavetank.core.controller;

import dev.wavetank.core.api.ApiException;
import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.KubeObject;
import dev.wavetank.core.api.ObjectKey;
import dev.wavetank.core.api.ResourceType;
import dev.wavetank.core.api.Status;
import dev.wavetank.core.apiserver.DeleteOptions;
import dev.wavetank.core.informer.ApiClient;
import dev.wavetank.core.record.EventRecorder;

/**
 * Creates and deletes pods for a controller and reports each on the object that it acts for.
 *
 * <p>Follows pkg/controller/controller_utils.go (v1.36).
 */
public final class PodControl {

  private static final String NAMESPACE_TERMINATING = "NamespaceTerminating";
  private static final int NAME_MAX = 253;

  private final ApiClient client;
  private final EventRecorder recorder;

  public PodControl(ApiClient client, EventRecorder recorder) {
    this.client = client;
    this.recorder = recorder;
  }

  /** Whether a create was refused because the namespace is on its way out. */
  public static boolean namespaceTerminating(ApiException refusal) {
    for (Status.Cause cause : refusal.status().causes()) {
      if (cause.reason().equals(NAMESPACE_TERMINATING)) {
        return true;
      }
    }
    return false;
  }

  /**
   * The pod that a template asks for, its name to be generated.
   *
   * @param template a {@code PodTemplateSpec}
   * @param controllerRef owner reference of the pod
   */
  public static KubeObject podFromTemplate(
      KubeMap template, KubeObject owner, KubeMap controllerRef) {
    KubeMap asked = template.mapOrEmpty("metadata");
    String prefix = owner.name().length() < NAME_MAX ? owner.name() + "-" : owner.name();
    KubeMap metadata =
        KubeMap.builder()
            .put("generateName", prefix)
            .put("namespace", owner.namespace())
            .put("labels", asked.map("labels"))
            .put("annotations", asked.map("annotations"))
            .put("finalizers", asked.list("finalizers"))
            .put("ownerReferences", dev.wavetank.core.api.KubeList.of(controllerRef))
            .build();
    return KubeObject.of(ResourceType.PODS, metadata).withSpec(template.mapOrEmpty("spec"));
  }

  /**
   * Creates a pod.
   *
   * @param owner on which the event is reported
   * @throws ApiException when it is refused
   */
  public void create(KubeObject pod, KubeObject owner) {
    if (pod.labels().isEmpty()) {
      throw new ApiException(Status.internalError("unable to create pods, no labels"));
    }
    KubeObject created;
    try {
      created = client.create(ResourceType.PODS, pod);
    } catch (ApiException e) {
      if (!namespaceTerminating(e)) {
        recorder.warning(owner, "FailedCreate", "Error creating: " + e.status().message());
      }
      throw e;
    }
    recorder.normal(owner, "SuccessfulCreate", "Created pod: " + created.name());
  }

  /**
   * Deletes a pod with its own grace period.
   *
   * @param owner on which the event is reported
   * @throws ApiException when it is refused; 404 when there is none
   */
  public void delete(ObjectKey pod, KubeObject owner) {
    try {
      client.delete(pod, DeleteOptions.BACKGROUND);
    } catch (ApiException e) {
      if (e.notFound()) {
        throw e;
      }
      String message = e.status().message();
      recorder.warning(owner, "FailedDelete", "Error deleting: " + message);
      Status why = e.status();
      throw new ApiException(
          new Status(
              why.code(),
              why.reason(),
              "unable to delete pods: " + message,
              why.type(),
              why.name(),
              why.causes()));
    }
    recorder.normal(owner, "SuccessfulDelete", "Deleted pod: " + pod.name());
  }
}
