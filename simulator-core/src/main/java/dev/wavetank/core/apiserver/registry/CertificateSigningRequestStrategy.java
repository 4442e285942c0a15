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
import dev.wavetank.core.certificates.CertificateRequest;
import dev.wavetank.core.certificates.Certificates;
import dev.wavetank.core.certificates.InvalidCertificateException;
import dev.wavetank.core.certificates.KeyUsages;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * CertificateSigningRequests: they say who asks, and never change but for their status.
 *
 * <p>Follows pkg/registry/certificates/certificates/strategy.go,
 * pkg/apis/certificates/validation/validation.go and
 * plugin/pkg/admission/certificates/subjectrestriction/admission.go (v1.36).
 */
final class CertificateSigningRequestStrategy extends SpecStrategy {

  private static final long EXPIRATION_SECONDS_MIN = 600;
  private static final String CLIENTS = "kubernetes.io/kube-apiserver-client";
  private static final String LEGACY = "kubernetes.io/legacy-unknown";
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
    if (certificate.isEmpty()) {
      return;
    }
    try {
      Certificates.check(text(certificate));
    } catch (InvalidCertificateException e) {
      errors.invalid("status.certificate", "<certificate data>", e.text());
    }
  }

  /** What a field of bytes says; PEM is ASCII. */
  private static String text(String base64) {
    return new String(Base64.getMimeDecoder().decode(base64), StandardCharsets.ISO_8859_1);
  }

  /** The request of a spec whose signature is right; null when there is none. */
  private static @Nullable CertificateRequest request(KubeMap spec, FieldErrors errors) {
    String request = spec.string("request", "");
    try {
      CertificateRequest read = CertificateRequest.parse(text(request));
      read.checkSignature();
      return read;
    } catch (InvalidCertificateException e) {
      errors.invalid("spec.request", spec.get("request"), e.text());
      return null;
    }
  }

  @Override
  public void validateCreate(KubeObject object, FieldErrors errors) {
    KubeMap spec = object.spec();
    CertificateRequest request = request(spec, errors);
    KubeList usages = spec.listOrEmpty("usages");
    if (usages.isEmpty()) {
      errors.required("spec.usages", "");
    }
    for (int i = 0; i < usages.size(); i++) {
      if (!KeyUsages.WORDS.contains(usages.get(i).toString())) {
        errors.unsupported("spec.usages[" + i + "]", usages.get(i), KeyUsages.WORDS);
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
        && request != null
        && request.organizations().contains(UserInfo.PRIVILEGED)) {
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
