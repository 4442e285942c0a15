package dev.wavetank.core.apiserver.registry;

import dev.wavetank.core.api.ApiException;
import dev.wavetank.core.api.KubeList;
import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.KubeObject;
import dev.wavetank.core.api.ResourceType;
import dev.wavetank.core.api.Status;
import dev.wavetank.core.api.UserInfo;
import dev.wavetank.core.apiserver.ApiServer;
import dev.wavetank.core.apiserver.FieldErrors;
import dev.wavetank.core.apiserver.ResourceStrategy;
import dev.wavetank.core.apiserver.SubresourceUpdate;
import dev.wavetank.core.apiserver.authorization.Attributes;
import dev.wavetank.core.apiserver.authorization.RbacAuthorizer;

/**
 * The {@code approval} subresource of CertificateSigningRequests: who may approve requests of a
 * signer says so, or denies them.
 *
 * <p>Follows csrApprovalStrategy of pkg/registry/certificates/certificates/strategy.go,
 * plugin/pkg/admission/certificates/approval/admission.go and
 * pkg/certauthorization/certauthorization.go (v1.36).
 */
public final class CertificateApproval implements SubresourceUpdate {

  private static final ResourceType TYPE = ResourceType.CERTIFICATE_SIGNING_REQUESTS;

  private final ApiServer server;

  public CertificateApproval(ApiServer server) {
    this.server = server;
  }

  @Override
  public KubeObject updated(ResourceStrategy strategy, KubeObject asked, KubeObject old) {
    KubeList conditions = asked.status().listOrEmpty("conditions");
    KubeMap status = old.status().with("conditions", conditions.isEmpty() ? null : conditions);
    KubeMap timed = CertificateConditions.timed(status, old.status(), server.timestamp());
    FieldErrors errors = new FieldErrors();
    CertificateConditions.validate(timed, old.status(), true, errors);
    if (!errors.isEmpty()) {
      throw new ApiException(errors.status(TYPE, old.name()));
    }
    requirePermission(server, old, "approve");
    KubeObject next = old.withMetadata(asked.metadata()).withStatus(timed);
    return next.equals(old) ? old : next;
  }

  /**
   * Refuses who may not do so with requests of that signer.
   *
   * @throws ApiException 403
   */
  static void requirePermission(ApiServer server, KubeObject request, String verb) {
    UserInfo user = server.request().user();
    if (user == null) {
      return;
    }
    String signer = request.spec().string("signerName", "");
    int slash = signer.indexOf('/');
    String domain = slash < 0 ? signer : signer.substring(0, slash);
    if (!allowed(server, user, verb, signer) && !allowed(server, user, verb, domain + "/*")) {
      throw new ApiException(
          Status.forbidden(
              TYPE,
              request.name(),
              "user not permitted to " + verb + " requests with signerName \"" + signer + "\""));
    }
  }

  private static boolean allowed(ApiServer server, UserInfo user, String verb, String name) {
    Attributes asked = Attributes.resource(verb, TYPE.group(), "signers", "", "", name);
    return new RbacAuthorizer(server).authorize(user, asked).allowed();
  }
}
