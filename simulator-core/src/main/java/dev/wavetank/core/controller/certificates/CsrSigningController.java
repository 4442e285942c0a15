package dev.wavetank.core.controller.certificates;

import com.google.common.collect.ImmutableList;
import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.KubeObject;
import dev.wavetank.core.api.ResourceType;
import dev.wavetank.core.apiserver.ApiServer;
import dev.wavetank.core.certificates.CertificateRequest;
import dev.wavetank.core.certificates.CertificateTemplate;
import dev.wavetank.core.certificates.InvalidCertificateException;
import dev.wavetank.core.informer.ApiClient;
import dev.wavetank.core.informer.Result;
import dev.wavetank.core.sim.Simulation;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/**
 * Signs the approved requests of the cluster's own signers. Those that a signer does not accept
 * fail for good.
 *
 * <p>Follows pkg/controller/certificates/signer/signer.go and
 * pkg/controller/certificates/authority/policies.go (v1.36).
 */
public final class CsrSigningController {

  /** Default of {@code --cluster-signing-duration}. */
  private static final Duration VALID = Duration.ofDays(365);

  private static final Duration VALID_MIN = Duration.ofMinutes(10);
  private static final Duration BACKDATED = Duration.ofMinutes(5);

  /** A certificate that is valid for less ends as late as it was asked for. */
  private static final Duration SHORT = Duration.ofHours(8);

  private final Simulation simulation;
  private final ClusterSigner signer;

  /** Signers that watch from now on and know what exists. */
  public CsrSigningController(ApiServer server) {
    this.simulation = server.simulation();
    this.signer = new ClusterSigner(simulation);
    for (SignerName name : SignerName.values()) {
      new CertificateController(
          server, name.controller(), (client, request) -> handle(client, name, request));
    }
  }

  /** The authority whose certificates these are. */
  public ClusterSigner signer() {
    return signer;
  }

  private Result handle(ApiClient client, SignerName name, KubeObject object) {
    if (!CertificateController.has(object, "Approved")
        || CertificateController.has(object, "Denied")
        || CertificateController.has(object, "Failed")
        || !object.spec().string("signerName", "").equals(name.text())) {
      return Result.done();
    }
    CertificateRequest request;
    try {
      request = request(object);
      request.checkSignature();
    } catch (InvalidCertificateException e) {
      return Result.retry();
    }
    String refusal = name.refusal(request, usages(object));
    if (!refusal.isEmpty()) {
      client.updateStatus(
          ResourceType.CERTIFICATE_SIGNING_REQUESTS,
          CertificateController.withCondition(
              object,
              KubeMap.of(
                  "type", "Failed",
                  "status", "True",
                  "reason", "SignerValidationFailure",
                  "message", refusal,
                  "lastUpdateTime", client.server().timestamp())));
      return Result.done();
    }
    Instant now = simulation.instant();
    if (!now.isBefore(signer.notAfter())) {
      return Result.retry();
    }
    String pem = signer.sign(request, template(object, now));
    String certificate =
        Base64.getEncoder().encodeToString(pem.getBytes(StandardCharsets.US_ASCII));
    client.updateStatus(
        ResourceType.CERTIFICATE_SIGNING_REQUESTS,
        object.withStatus(object.status().with("certificate", certificate)));
    return Result.done();
  }

  static CertificateRequest request(KubeObject object) throws InvalidCertificateException {
    byte[] pem = Base64.getMimeDecoder().decode(object.spec().string("request", ""));
    return CertificateRequest.parse(new String(pem, StandardCharsets.ISO_8859_1));
  }

  /** Each usage of a request once. */
  static List<String> usages(KubeObject object) {
    List<String> usages = new ArrayList<>();
    for (Object usage : object.spec().listOrEmpty("usages")) {
      if (usage instanceof String word && !usages.contains(word)) {
        usages.add(word);
      }
    }
    return usages;
  }

  private CertificateTemplate template(KubeObject object, Instant now) {
    Duration valid = valid(object.spec());
    Instant end = now.plus(valid.compareTo(SHORT) < 0 ? valid : valid.minus(BACKDATED));
    Instant last = signer.notAfter();
    return new CertificateTemplate(
        signer.nextSerial(),
        now.minus(BACKDATED),
        end.isBefore(last) ? end : last,
        ImmutableList.copyOf(usages(object)));
  }

  private static Duration valid(KubeMap spec) {
    if (!spec.has("expirationSeconds")) {
      return VALID;
    }
    Duration asked = Duration.ofSeconds(spec.number("expirationSeconds", 0));
    if (asked.compareTo(VALID) > 0) {
      return VALID;
    }
    return asked.compareTo(VALID_MIN) < 0 ? VALID_MIN : asked;
  }
}
