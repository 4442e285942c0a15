package dev.wavetank.core.controller.certificates;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.KubeObject;
import dev.wavetank.core.api.ResourceType;
import dev.wavetank.core.api.UserInfo;
import dev.wavetank.core.apiserver.ApiServer;
import dev.wavetank.core.apiserver.authorization.Attributes;
import dev.wavetank.core.apiserver.authorization.RbacAuthorizer;
import dev.wavetank.core.apiserver.registry.CertificateApproval;
import dev.wavetank.core.certificates.CertificateRequest;
import dev.wavetank.core.certificates.InvalidCertificateException;
import dev.wavetank.core.informer.ApiClient;
import dev.wavetank.core.informer.Result;

/**
 * Approves the requests of kubelets for client certificates, where a role lets who asked have one.
 *
 * <p>Follows pkg/controller/certificates/approver/sarapprove.go (v1.36).
 */
public final class CsrApprovingController {

  private final RbacAuthorizer authorizer;
  private final CertificateApproval approval;

  /** An approver that watches from now on and knows what exists. */
  public CsrApprovingController(ApiServer server) {
    authorizer = new RbacAuthorizer(server);
    approval = new CertificateApproval(server);
    new CertificateController(server, "csrapproving", this::handle);
  }

  private Result handle(ApiClient client, KubeObject object) {
    if (CertificateController.has(object, "Approved")
        || CertificateController.has(object, "Denied")) {
      return Result.done();
    }
    CertificateRequest request;
    try {
      request = CsrSigningController.request(object);
    } catch (InvalidCertificateException e) {
      return Result.retry();
    }
    SignerName kubelets = SignerName.KUBE_APISERVER_CLIENT_KUBELET;
    if (!object.spec().string("signerName", "").equals(kubelets.text())
        || !kubelets.refusal(request, CsrSigningController.usages(object)).isEmpty()) {
      return Result.done();
    }
    boolean own = request.commonName().equals(object.spec().string("username", ""));
    if (own && may(object.spec(), "selfnodeclient")) {
      approve(
          client,
          object,
          "Auto approving self kubelet client certificate after SubjectAccessReview.");
    } else if (may(object.spec(), "nodeclient")) {
      approve(
          client, object, "Auto approving kubelet client certificate after SubjectAccessReview.");
    } else {
      return Result.retry();
    }
    return Result.done();
  }

  private boolean may(KubeMap spec, String subresource) {
    ImmutableList.Builder<String> groups = ImmutableList.builder();
    spec.listOrEmpty("groups").forEach(group -> groups.add(group.toString()));
    UserInfo user =
        new UserInfo(
            spec.string("username", ""), spec.string("uid", ""), groups.build(), ImmutableMap.of());
    ResourceType type = ResourceType.CERTIFICATE_SIGNING_REQUESTS;
    return authorizer
        .authorize(
            user, Attributes.resource("create", type.group(), type.plural(), subresource, "", ""))
        .allowed();
  }

  private void approve(ApiClient client, KubeObject object, String message) {
    KubeMap condition =
        KubeMap.of(
            "type", "Approved", "status", "True", "reason", "AutoApproved", "message", message);
    client.updateSubresource(
        ResourceType.CERTIFICATE_SIGNING_REQUESTS,
        CertificateController.withCondition(object, condition),
        "approval",
        approval);
  }
}
