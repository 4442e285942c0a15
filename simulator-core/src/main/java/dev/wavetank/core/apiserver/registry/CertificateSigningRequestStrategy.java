package dev.wavetank.core.apiserver.registry;

import com.google.common.collect.ImmutableList;
import dev.wavetank.core.api.ApiException;
import dev.wavetank.core.api.KubeList;
import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.KubeObject;
import dev.wavetank.core.api.ResourceType;
import dev.wavetank.core.api.Status;
import dev.wavetank.core.api.UserInfo;
import dev.wavetank.core.apiserver.ApiServer;
import dev.wavetank.core.apiserver.FieldErrors;
import dev.wavetank.core.apiserver.Formats;
import dev.wavetank.core.apiserver.SpecStrategy;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * CertificateSigningRequests: they say who asks, and never change but for their status. Nobody
 * signs them here, and neither their signature nor that of a certificate is checked.
 *
 * <p>Follows pkg/registry/certificates/certificates/strategy.go,
 * pkg/apis/certificates/validation/validation.go and
 * plugin/pkg/admission/certificates/subjectrestriction/admission.go (v1.36).
 */
final class CertificateSigningRequestStrategy extends SpecStrategy {

  private static final long EXPIRATION_SECONDS_MIN = 600;
  private static final String CLIENTS = "kubernetes.io/kube-apiserver-client";
  private static final String LEGACY = "kubernetes.io/legacy-unknown";
  private static final ImmutableList<String> USAGES =
      ImmutableList.of(
          "any",
          "cert sign",
          "client auth",
          "code signing",
          "content commitment",
          "crl sign",
          "data encipherment",
          "decipher only",
          "digital signature",
          "email protection",
          "encipher only",
          "ipsec end system",
          "ipsec tunnel",
          "ipsec user",
          "key agreement",
          "key encipherment",
          "microsoft sgc",
          "netscape sgc",
          "ocsp signing",
          "s/mime",
          "server auth",
          "signing",
          "timestamping");

  private final ApiServer server;

  CertificateSigningRequestStrategy(ApiServer server) {
    super(KubeMap.EMPTY);
    this.server = server;
  }

  @Override
  public boolean generation() {
    return false;
  }

  @Override
  public List<String> nameErrors(String name) {
    return ImmutableList.of();
  }

  @Override
  public KubeObject prepareForCreate(KubeObject object) {
    UserInfo user = server.request().user();
    KubeMap spec = object.spec();
    for (String claimed : ImmutableList.of("username", "uid", "groups", "extra")) {
      spec = spec.without(claimed);
    }
    if (user != null) {
      KubeMap known = user.tree();
      for (int i = 0; i < known.size(); i++) {
        spec = spec.with(known.keyAt(i), known.valueAt(i));
      }
    }
    return super.prepareForCreate(object.withSpec(spec));
  }

  @Override
  public KubeObject prepareForUpdate(KubeObject next, KubeObject old) {
    return next.withSpec(old.spec());
  }

  /** Decisions stay as they are: they are written by the approval subresource alone. */
  @Override
  public KubeObject prepareForStatusUpdate(KubeObject next, KubeObject old) {
    KubeMap status = CertificateConditions.decisionsKept(next.status(), old.status());
    KubeMap timed = CertificateConditions.timed(status, old.status(), server.timestamp());
    if (!timed.equals(old.status())) {
      CertificateApproval.requirePermission(server, old, "sign");
    }
    return next.withSpec(old.spec()).withStatus(timed);
  }

  @Override
  public void validateStatusUpdate(KubeObject next, KubeObject old, FieldErrors errors) {
    CertificateConditions.validate(next.status(), old.status(), false, errors);
    String certificate = next.status().string("certificate", "");
    String before = old.status().string("certificate", "");
    if (certificate.equals(before)) {
      return;
    }
    if (!before.isEmpty()) {
      errors.forbidden("status.certificate", "updates may not modify existing certificate content");
    }
    String pem = new String(Base64.getMimeDecoder().decode(certificate), StandardCharsets.UTF_8);
    if (!pem.isEmpty() && !pem.contains("-----BEGIN CERTIFICATE-----")) {
      errors.invalid(
          "status.certificate",
          "<certificate data>",
          "must contain at least one CERTIFICATE PEM block");
    }
  }

  @Override
  public void validateCreate(KubeObject object, FieldErrors errors) {
    KubeMap spec = object.spec();
    String request = spec.string("request", "");
    String pem = new String(Base64.getMimeDecoder().decode(request), StandardCharsets.UTF_8);
    if (!pem.contains("-----BEGIN CERTIFICATE REQUEST-----")) {
      errors.invalid("spec.request", request, "PEM block type must be CERTIFICATE REQUEST");
    }
    KubeList usages = spec.listOrEmpty("usages");
    if (usages.isEmpty()) {
      errors.required("spec.usages", "");
    }
    for (int i = 0; i < usages.size(); i++) {
      if (!USAGES.contains(usages.get(i).toString())) {
        errors.unsupported("spec.usages[" + i + "]", usages.get(i), USAGES);
      }
    }
    Set<String> seen = new TreeSet<>();
    for (int i = 0; i < usages.size(); i++) {
      if (!seen.add(usages.get(i).toString())) {
        errors.duplicate("spec.usages[" + i + "]", usages.get(i));
      }
    }
    signer(spec.string("signerName", ""), errors);
    if (errors.isEmpty()
        && spec.string("signerName", "").equals(CLIENTS)
        && CertificateRequest.organizations(pem).contains(UserInfo.PRIVILEGED)) {
      throw new ApiException(
          Status.forbidden(
              ResourceType.CERTIFICATE_SIGNING_REQUESTS,
              object.name(),
              "use of " + CLIENTS + " signer with system:masters group is not allowed"));
    }
    if (spec.number("expirationSeconds", EXPIRATION_SECONDS_MIN) < EXPIRATION_SECONDS_MIN) {
      errors.invalid(
          "spec.expirationSeconds",
          spec.get("expirationSeconds"),
          "may not specify a duration less than 600 seconds (10 minutes)");
    }
  }

  private static void signer(String name, FieldErrors errors) {
    String path = "spec.signerName";
    if (name.equals(LEGACY)) {
      errors.invalid(path, name, "the legacy signerName is not allowed via this API version");
      return;
    }
    if (name.isEmpty()) {
      errors.required(path, "");
      return;
    }
    int slash = name.indexOf('/');
    if (slash < 0 || slash != name.lastIndexOf('/')) {
      errors.invalid(
          path,
          name,
          "must be a fully qualified domain and path of the form 'example.com/signer-name'");
      return;
    }
    errors.invalid(path, name.substring(0, slash), Formats.dnsSubdomain(name.substring(0, slash)));
    for (String part : name.substring(slash + 1).split("\\.", -1)) {
      errors.invalid(path, part, Formats.dnsSubdomain(part));
    }
  }
}
